package org.aliasrpc.interop;

import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasrpc.AliasRegistration;

/**
 * One registration as any client can be asked for it.
 *
 * @param major version to claim; 0 means the client's own. Ours always claims its own
 * @param minor version to claim; 0 means the client's own
 */
record Attempt(AliasRegistration registration, int major, int minor) {
    Attempt(AliasRegistration registration) {
        this(registration, 0, 0);
    }

    /** The arguments of the Node peer's command. */
    Map<String, Object> arguments(String ref) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("ref", ref);
        arguments.put("alias", registration.alias());
        arguments.put("targetKey", registration.targetPublicKey().bytes().toHex());
        arguments.put("hostname", registration.hostname());
        arguments.put("service", registration.service());
        if (major != 0) {
            arguments.put("major", major);
        }
        if (minor != 0) {
            arguments.put("minor", minor);
        }
        return arguments;
    }
}
