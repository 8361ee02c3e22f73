package org.aliasrpc.spring.registry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a store does.
 *
 * @param available whether registrations are taken at the moment, as far as is known
 * @param problem what is wrong, for people; null if nothing is
 * @param details further facts, for health; nothing secret
 */
public record StoreStatus(boolean available, @Nullable String problem, Map<String, Object> details) {
    public StoreStatus {
        details = Map.copyOf(details);
    }
}
