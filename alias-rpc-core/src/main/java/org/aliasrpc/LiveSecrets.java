package org.aliasrpc;

import java.util.Map;
import java.util.function.Predicate;
import org.aliasrpc.alias.SecretCheck;
import org.aliasrpc.crypto.SecretBytes;
import org.jspecify.annotations.Nullable;

/** The secrets of one server, which may be replaced while it compares. From any thread; compares on the loop. */
final class LiveSecrets {
    private final Predicate<Runnable> loop;
    private volatile SecretCheck check;
    private Map<String, SecretBytes> secrets; // guarded by this
    private boolean closed; // guarded by this

    /**
     * @param secrets closed by this
     * @param loop runs a task after those before it, on the loop; false if it has ended
     */
    LiveSecrets(Map<String, SecretBytes> secrets, Predicate<Runnable> loop) {
        this.loop = loop;
        this.check = SecretCheck.of(secrets);
        this.secrets = secrets;
    }

    /** On the loop. */
    @Nullable
    String nameOf(SecretBytes presented) {
        return check.nameOf(presented);
    }

    /** The caller may close what is given. */
    synchronized void replace(Map<String, SecretBytes> fresh) {
        Map<String, SecretBytes> own = Secrets.copies(fresh);
        if (closed) {
            own.values().forEach(SecretBytes::close);
            return;
        }
        check = SecretCheck.of(own);
        wipe(secrets);
        secrets = own;
    }

    /** None is right any more. */
    synchronized void close() {
        if (!closed) {
            closed = true;
            check = presented -> null;
            wipe(secrets);
        }
    }

    /** On the loop, which may be comparing with them just now. */
    private void wipe(Map<String, SecretBytes> gone) {
        Runnable wiping = () -> gone.values().forEach(SecretBytes::close);
        if (!loop.test(wiping)) {
            wiping.run();
        }
    }
}
