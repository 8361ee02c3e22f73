package org.aliasrpc.spring.discovery;

import java.util.List;
import java.util.function.Supplier;
import org.aliasrpc.spring.registry.RegistryUnavailableException;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * HTTP service discovery for Prometheus ({@code http_sd_configs}): always the full list, and an empty one only if no alias
 * is registered. Prometheus keeps its old targets on an error and forgets them on an empty list.
 */
@WebEndpoint(id = "aliasrpctargets", defaultAccess = Access.READ_ONLY)
public final class AliasTargetsEndpoint {
    private final AliasTargets targets;
    private final Supplier<String> askedHost;

    /**
     * @param targets what to tell
     * @param askedHost the host of the request that is being answered; empty if unknown
     */
    public AliasTargetsEndpoint(AliasTargets targets, Supplier<String> askedHost) {
        this.targets = targets;
        this.askedHost = askedHost;
    }

    /**
     * The list.
     *
     * @return 503 without a body while the table of aliases is not available
     */
    @ReadOperation(produces = "application/json")
    public WebEndpointResponse<List<TargetGroup>> targets() {
        return answer(targets, askedHost.get());
    }

    static WebEndpointResponse<List<TargetGroup>> answer(AliasTargets targets, String askedHost) {
        try {
            return new WebEndpointResponse<>(targets.list(askedHost));
        } catch (RegistryUnavailableException e) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
        }
    }
}
