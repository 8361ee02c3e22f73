package org.aliasrpc.spring.registry;

import java.time.Instant;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.aliasrpc.AliasRegistrar.Origin;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent.AliasConflict;
import org.aliasrpc.spring.registry.AliasStore.Step;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a registration, given what the table holds: the same for every store.
 *
 * <p>{@code updated} on the wire means that the table changed (docs/protocol, alias-rpc.md §4.9). The reference keeps the
 * hostname and the service of an alias that is renewed with the same key (§11.3); here they change, discovery shows the new
 * ones, and therefore the answer is true as well. Nothing on the wire is different by that: it is the same byte, every client
 * must expect either value, and those of the reference only report it. A renewal that changes nothing stays false.
 */
final class RegistrationRules {
    /** Longest hostname or service: they are labels, and a table of the largest size must fit in memory. */
    static final int MAX_LABEL_LENGTH = 255;

    private final RegistryLimits limits;

    RegistrationRules(RegistryLimits limits) {
        this.limits = limits;
    }

    /** What the rules say. */
    sealed interface Verdict {
        /**
         * @param updated whether the table changed, but for times and owner
         * @param ended the entry before, if it was over and nobody has been told yet
         */
        record Accepted(boolean updated, @Nullable AliasEntry ended) implements Verdict {}

        /**
         * @param reason for the client
         * @param event to publish, if any
         */
        record Refused(
                Refusals kind, String reason, @Nullable AliasRpcRegistryEvent event) implements Verdict {}
    }

    /**
     * @param registration from the network
     * @return what is wrong with it whatever the table holds: a text without anything of it
     */
    Optional<String> violation(AliasRegistration registration) {
        return violation(registration.alias(), registration.hostname(), registration.service());
    }

    /** As {@link #violation(AliasRegistration)}. */
    Optional<String> violation(String alias, String hostname, String service) {
        return limits.aliases().violation(alias).or(() -> label(hostname)).or(() -> label(service));
    }

    private static Optional<String> label(String text) {
        if (text.length() > MAX_LABEL_LENGTH) {
            return Optional.of("hostname and service have at most " + MAX_LABEL_LENGTH + " characters");
        }
        // They become labels, and lines of logs and files.
        return text.chars().anyMatch(Character::isISOControl)
                ? Optional.of("hostname and service must not contain control characters")
                : Optional.empty();
    }

    /**
     * @param registration without violations
     * @param origin who asks
     * @param before what the table holds
     * @param now the time
     * @param live how many aliases there are that are not over
     */
    Step<Verdict> judge(
            AliasRegistration registration,
            Origin origin,
            @Nullable StoredAlias before,
            Instant now,
            IntSupplier live) {
        AliasEntry held = before == null || before.entry().isExpired(now) ? null : before.entry();
        boolean sameKey = held != null && held.targetPublicKey().equals(registration.targetPublicKey());
        if (held != null && !sameKey && !mayMove(held, origin)) {
            AliasConflict conflict = new AliasConflict(
                    origin.uid(),
                    now,
                    held.alias(),
                    held.targetPublicKey(),
                    origin.remotePublicKey(),
                    registration.targetPublicKey());
            return new Step<>(
                    before, new Verdict.Refused(Refusals.CONFLICT, "this alias belongs to another key", conflict));
        }
        // One that is over and not told yet is still counted: it makes room for itself.
        boolean counted = before != null && !before.expiryTold();
        if (!counted && live.getAsInt() >= limits.maxAliases()) {
            String reason = "this service holds " + limits.maxAliases() + " aliases and takes no more";
            return new Step<>(before, new Verdict.Refused(Refusals.LIMITED, reason, null));
        }
        boolean sameLabels = held != null
                && held.hostname().equals(registration.hostname())
                && held.service().equals(registration.service());
        AliasEntry after = new AliasEntry(
                registration.alias(),
                registration.targetPublicKey(),
                registration.hostname(),
                registration.service(),
                held != null && sameKey ? held.firstSeen() : now,
                now,
                now.plus(limits.expiry()),
                origin.remotePublicKey(),
                origin.uid());
        AliasEntry ended = counted && held == null && before != null ? before.entry() : null;
        return new Step<>(new StoredAlias(after, false), new Verdict.Accepted(!(sameKey && sameLabels), ended));
    }

    private boolean mayMove(AliasEntry entry, Origin origin) {
        return switch (limits.conflictPolicy()) {
            case REPLACE -> true;
            case SAME_KEY -> entry.ownerPublicKey().equals(origin.remotePublicKey());
            case REJECT -> false;
        };
    }

    /** Whether an alias is past its grace period, so that nobody may see it even if its store still holds it. */
    boolean isGone(AliasEntry entry, Instant now) {
        return !entry.expiresAt().plus(limits.grace()).isAfter(now);
    }
}
