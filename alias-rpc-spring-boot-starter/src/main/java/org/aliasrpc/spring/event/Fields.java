package org.aliasrpc.spring.event;

import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns the values of an event into what an endpoint can show. */
final class Fields {
    private Fields() {}

    /**
     * @param namesAndValues alternately a name and its value
     */
    static Map<String, Object> of(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put((String) namesAndValues[i], shown(namesAndValues[i + 1]));
        }
        return Collections.unmodifiableMap(fields);
    }

    private static Object shown(Object value) {
        if (value instanceof Boolean || value instanceof Number) {
            return value;
        }
        if (value instanceof InetSocketAddress address) {
            return address.getHostString() + ":" + address.getPort();
        }
        if (value instanceof Throwable failure) {
            String message = failure.getMessage();
            return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
        }
        return value.toString();
    }
}
