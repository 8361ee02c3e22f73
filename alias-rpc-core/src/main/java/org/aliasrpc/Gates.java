package org.aliasrpc;

import java.time.Duration;
import org.aliasrpc.alias.AliasConnection;
import org.aliasrpc.alias.Registration;
import org.aliasrpc.alias.RequestGate;
import org.aliasrpc.crypto.PublicKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A user's gate, towards the server: whatever it does, there is a verdict. On the loop. */
final class Gates {
    private static final Logger log = LoggerFactory.getLogger(AliasServerGate.class);

    private final @Nullable AliasServerGate gate;
    private boolean warned;

    /**
     * @param gate null for one that is open
     */
    Gates(@Nullable AliasServerGate gate) {
        this.gate = gate;
    }

    /** The gate for the requests of one connection. */
    RequestGate of(AliasConnection connection) {
        AliasServerGate decides = gate;
        if (decides == null) {
            return RequestGate.OPEN;
        }
        return (registration, secretName) -> {
            try {
                return verdict(decides.decide(request(connection, registration, secretName)));
            } catch (RuntimeException e) {
                warn(e);
                return new RequestGate.Verdict.Refused("The request could not be checked");
            }
        };
    }

    boolean admits(PublicKey remotePublicKey) {
        try {
            return gate == null || gate.admits(remotePublicKey);
        } catch (RuntimeException e) {
            warn(e);
            return false;
        }
    }

    void onLimit(AliasServerGate.Limit limit) {
        try {
            if (gate != null) {
                gate.onLimit(limit);
            }
        } catch (RuntimeException e) {
            warn(e);
        }
    }

    private static AliasServerGate.Request request(
            AliasConnection connection, Registration registration, @Nullable String secretName) {
        return new AliasServerGate.Request(
                connection.uid(),
                connection.remotePublicKey(),
                connection.remoteAddress().toInetSocketAddress(),
                registration.alias(),
                registration.targetPublicKey(),
                secretName);
    }

    private static RequestGate.Verdict verdict(AliasServerGate.Verdict verdict) {
        if (verdict instanceof AliasServerGate.Refused refused) {
            return new RequestGate.Verdict.Refused(refused.reason());
        } else if (verdict instanceof AliasServerGate.Forbidden forbidden) {
            return new RequestGate.Verdict.Forbidden(forbidden.reason());
        } else if (verdict instanceof AliasServerGate.Unauthorised late) {
            Duration delay =
                    late.delay().compareTo(AliasServerGate.MAX_DELAY) > 0 ? AliasServerGate.MAX_DELAY : late.delay();
            return new RequestGate.Verdict.Unauthorised(delay.toNanos(), late.last());
        } else if (verdict instanceof AliasServerGate.CutOff cut) {
            return new RequestGate.Verdict.CutOff(cut.reason());
        }
        return RequestGate.Verdict.PASS;
    }

    private void warn(RuntimeException failure) {
        if (!warned) { // strangers may cause it without end
            warned = true;
            log.warn("The alias server's gate failed; what it fails on is refused", failure);
        }
    }
}
