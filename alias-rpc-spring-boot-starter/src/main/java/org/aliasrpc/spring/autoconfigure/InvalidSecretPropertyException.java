package org.aliasrpc.spring.autoconfigure;

/**
 * A secret, a seed or the file of one is wrong. Not Boot's exception for invalid values: its failure report quotes the value
 * that it finds in the environment.
 */
final class InvalidSecretPropertyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final String reason;

    /**
     * @param name of the property
     * @param reason what is wrong and what is allowed, with nothing of the value
     */
    InvalidSecretPropertyException(String name, String reason) {
        super("Property " + name + " is invalid: " + reason);
        this.name = name;
        this.reason = reason;
    }

    String name() {
        return name;
    }

    String reason() {
        return reason;
    }
}
