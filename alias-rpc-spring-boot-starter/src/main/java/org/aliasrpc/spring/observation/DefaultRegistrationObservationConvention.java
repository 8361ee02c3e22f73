package org.aliasrpc.spring.observation;

import io.micrometer.common.KeyValues;
import org.aliasrpc.spring.observation.RegistrationObservation.Keys;

/** {@code alias.rpc.register} with outcome, server and service. */
public final class DefaultRegistrationObservationConvention implements RegistrationObservationConvention {
    @Override
    public String getName() {
        return "alias.rpc.register";
    }

    @Override
    public String getContextualName(RegistrationContext context) {
        return "register alias";
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(RegistrationContext context) {
        return KeyValues.of(
                Keys.OUTCOME.withValue(context.outcome()),
                Keys.SERVER.withValue(context.server()),
                Keys.SERVICE.withValue(context.registration().service()));
    }
}
