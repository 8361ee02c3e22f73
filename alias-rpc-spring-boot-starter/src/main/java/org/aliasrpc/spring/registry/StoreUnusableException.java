package org.aliasrpc.spring.registry;

import java.io.IOException;
import java.nio.file.Path;

/** The file of a table cannot be read, or its directory cannot be written. */
public final class StoreUnusableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String location;

    StoreUnusableException(Path location, IOException cause) {
        super("the table in " + location + " cannot be used", cause);
        this.location = location.toString();
    }

    /** The file. */
    public String location() {
        return location;
    }
}
