package org.aliasrpc.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.aliasrpc.spring.registration.RegistrationStatus;

/** The application was told not to start without being registered, and is not. */
final class RegistrationFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param timeout how long was waited
     * @param status of every server
     */
    RegistrationFailedException(Duration timeout, List<RegistrationStatus> status) {
        super("Not registered within " + timeout.toMillis() + " ms: "
                + status.stream()
                        .map(server -> server.server() + " ("
                                + (server.lastError() == null ? server.state() : server.lastError()) + ")")
                        .collect(Collectors.joining(", ")));
    }
}
