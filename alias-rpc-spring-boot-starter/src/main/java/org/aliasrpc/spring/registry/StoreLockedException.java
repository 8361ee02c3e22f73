package org.aliasrpc.spring.registry;

import java.nio.file.Path;

/** Another alias server uses the file: two would overwrite each other's aliases. */
public final class StoreLockedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String location;

    StoreLockedException(Path location) {
        super("another process uses " + location);
        this.location = location.toString();
    }

    /** The file. */
    public String location() {
        return location;
    }
}
