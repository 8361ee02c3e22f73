package org.aliasrpc.spring.registration;

import org.jspecify.annotations.Nullable;

/** Watches attempts, for meters and observations. Called on the registration's own thread: must not block. */
@FunctionalInterface
public interface RegistrationObserver {
    /**
     * An attempt begins.
     *
     * @param target what is registered, and where
     * @return told of its end
     */
    Attempt onAttempt(RegistrationTarget target);

    /** One attempt. */
    @FunctionalInterface
    interface Attempt {
        /**
         * @param updated whether the server's table changed; false on failure
         * @param failure null on success
         */
        void onEnd(boolean updated, @Nullable Throwable failure);
    }
}
