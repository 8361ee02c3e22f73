package org.aliasrpc.spring.registry;

/** The table cannot be read or changed at the moment: not loaded yet, or its database is away. Ask again later. */
public final class RegistryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message for people
     */
    public RegistryUnavailableException(String message) {
        super(message);
    }

    /**
     * @param message for people
     * @param cause what went wrong
     */
    public RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
