package org.aliasrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.aliasrpc.alias.AliasClientEvent;
import org.aliasrpc.alias.AliasOutcome;
import org.aliasrpc.alias.AliasServerEvent;
import org.aliasrpc.alias.Registration;
import org.aliasrpc.rpc.CallStep;

/** One registration of a simulated run: what was asked, what the registrar does with it, and what must come of it. */
final class AliasSimCall {
    final Registration registration;
    final Behaviour behaviour;

    /** How often the registrar was asked. */
    int timesAsked;

    private final SimAliasClient client;
    private final boolean wrongSecret;
    private final long timeoutNanos;
    private long beganNanos = -1;
    private long id;

    /** What the registrar does. */
    enum Behaviour {
        UPDATED,
        UNCHANGED,
        SLOW,
        FAILS,
        SILENT
    }

    AliasSimCall(
            Registration registration,
            SimAliasClient client,
            Behaviour behaviour,
            boolean wrongSecret,
            long timeoutNanos) {
        this.registration = registration;
        this.client = client;
        this.behaviour = behaviour;
        this.wrongSecret = wrongSecret;
        this.timeoutNanos = timeoutNanos;
    }

    void begin(long nowNanos) {
        beganNanos = nowNanos;
        id = client.register(registration, timeoutNanos);
    }

    boolean hasEnded() {
        return beganNanos >= 0
                && client.events.stream()
                        .anyMatch(told -> told.event() instanceof AliasClientEvent.Finished f && f.callId() == id);
    }

    boolean endedAsDecided() {
        AliasOutcome outcome = outcome();
        if (wrongSecret) {
            return outcome.equals(new AliasOutcome.Refused("Unauthorised")) && timesAsked == 0;
        }
        return timesAsked == 1
                && switch (behaviour) {
                    case UPDATED, SLOW -> outcome.equals(new AliasOutcome.Registered(true));
                    case UNCHANGED -> outcome.equals(new AliasOutcome.Registered(false));
                    case FAILS ->
                        outcome instanceof AliasOutcome.Refused refused
                                && refused.reason().startsWith("Failed to register alias (uid ");
                    case SILENT ->
                        outcome.equals(new AliasOutcome.TimedOut(CallStep.REQUEST))
                                && ending().atNanos() == beganNanos + timeoutNanos;
                };
    }

    /**
     * @param rough whether the network or the server may have been in the way
     */
    void check(boolean rough) {
        assertThat(ending().atNanos()).as("%s ends in time", this).isLessThanOrEqualTo(beganNanos + timeoutNanos);
        assertThat(timesAsked).as("%s is performed once at most", this).isBetween(0, wrongSecret ? 0 : 1);
        if (!endedAsDecided()) {
            assertThat(rough).as("%s ends as decided", this).isTrue();
            assertThat(outcome())
                    .as("%s", this)
                    .isInstanceOfAny(
                            AliasOutcome.TimedOut.class,
                            AliasOutcome.PeerNotFound.class,
                            AliasOutcome.ConnectionFailed.class,
                            AliasOutcome.ConnectionLost.class);
        }
        checkEvents();
    }

    /** alias-attempt, perhaps connection-error of a call that failed, the end; each once. */
    private void checkEvents() {
        List<String> own = new ArrayList<>();
        UUID uid = null;
        for (SimAliasClient.Told told : client.events) {
            if (told.event() instanceof AliasClientEvent.Attempt attempt
                    && attempt.alias().equals(registration.alias())) {
                own.add("attempt");
                uid = attempt.uid();
                assertThat(told.atNanos()).isEqualTo(beganNanos);
            } else if (told.event() instanceof AliasClientEvent.ConnectionError error
                    && error.alias().equals(registration.alias())) {
                own.add("error");
                assertThat(error.uid()).isEqualTo(uid);
            } else if (told.event() instanceof AliasClientEvent.Finished finished && finished.callId() == id) {
                own.add("finished");
            }
        }
        boolean failed = outcome() instanceof AliasOutcome.PeerNotFound
                || outcome() instanceof AliasOutcome.ConnectionFailed
                || outcome() instanceof AliasOutcome.ConnectionLost;
        if (failed && own.size() == 3) {
            assertThat(own).containsExactly("attempt", "error", "finished");
        } else {
            assertThat(own).as("%s", this).containsExactly("attempt", "finished");
        }
    }

    /** What a server tells of one connection, in the order of alias-rpc.md §4. */
    static void checkServerEvents(UUID uid, List<AliasServerEvent> events) {
        assertThat(events.get(0)).isInstanceOf(AliasServerEvent.ConnectionOpen.class);
        int running = 0;
        boolean closed = false;
        AliasServerEvent before = null;
        for (AliasServerEvent event : events) {
            if (event instanceof AliasServerEvent.ConnectionOpen open) {
                assertThat(before).isNull();
                assertThat(open.uid()).isEqualTo(uid);
            } else if (event instanceof AliasServerEvent.Requested) {
                running++;
                assertThat(closed).isFalse();
            } else if (event instanceof AliasServerEvent.Unauthorised) {
                assertThat(closed).isFalse();
            } else if (event instanceof AliasServerEvent.Succeeded || event instanceof AliasServerEvent.Failed) {
                running--; // also after the connection has closed
                assertThat(running)
                        .as("a result without a request in %s", events)
                        .isNotNegative();
            } else if (event instanceof AliasServerEvent.ConnectionClose) {
                assertThat(closed).isFalse();
                closed = true;
            } else {
                assertThat(event).isInstanceOf(AliasServerEvent.ConnectionError.class);
                int index = events.indexOf(event);
                assertThat(events.get(index + 1)).isInstanceOf(AliasServerEvent.ConnectionClose.class);
            }
            before = event;
        }
    }

    private AliasOutcome outcome() {
        return ((AliasClientEvent.Finished) ending().event()).outcome();
    }

    private SimAliasClient.Told ending() {
        List<SimAliasClient.Told> endings = client.events.stream()
                .filter(told -> told.event() instanceof AliasClientEvent.Finished finished && finished.callId() == id)
                .toList();
        assertThat(endings).as("%s ends once", registration.alias()).hasSize(1);
        return endings.get(0);
    }

    @Override
    public String toString() {
        return registration.alias() + " (" + behaviour + (wrongSecret ? ", wrong secret" : "") + ") ended as "
                + outcome();
    }
}
