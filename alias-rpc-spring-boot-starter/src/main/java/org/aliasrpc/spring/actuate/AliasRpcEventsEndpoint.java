package org.aliasrpc.spring.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasrpc.spring.event.AliasRpcEventRing;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The latest events, oldest first. */
@Endpoint(id = "aliasrpcevents", defaultAccess = Access.READ_ONLY)
public final class AliasRpcEventsEndpoint {
    private final AliasRpcEventRing ring;

    /**
     * @param ring holds the events
     */
    public AliasRpcEventsEndpoint(AliasRpcEventRing ring) {
        this.ring = ring;
    }

    /**
     * @param after only events with a higher number; all unless given
     * @param type only events of this type, such as {@code alias-success}; all unless given
     */
    @ReadOperation
    public Map<String, List<Map<String, Object>>> events(@Nullable Long after, @Nullable String type) {
        return OperationResponseBody.of(Map.of(
                "events",
                ring.events(after == null ? 0 : after, type).stream()
                        .map(AliasRpcEventsEndpoint::event)
                        .toList()));
    }

    private static Map<String, Object> event(AliasRpcEventRing.Numbered numbered) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("seq", numbered.seq());
        body.put("occurredAt", numbered.event().occurredAt().toString());
        body.put("type", numbered.event().type());
        body.put("uid", numbered.event().uid().toString());
        body.putAll(numbered.event().fields());
        return body;
    }
}
