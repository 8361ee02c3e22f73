package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.aliasrpc.AliasRegistration;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.spring.observation.DefaultRegistrationObservationConvention;
import org.aliasrpc.spring.observation.RegistrationContext;
import org.aliasrpc.spring.observation.RegistrationObservation;
import org.aliasrpc.spring.observation.RegistrationObservationConvention;
import org.aliasrpc.spring.registration.RegistrationTarget;
import org.aliasrpc.spring.testing.FakeClient;
import org.aliasrpc.spring.testing.Keys;
import org.junit.jupiter.api.Test;

class RegistrationObservationsTest {
    private static final RegistrationTarget TARGET = new RegistrationTarget(
            "eu", new FakeClient(Keys.key(1)), new AliasRegistration("app", Keys.key(2), "host", "billing"));

    private final TestObservationRegistry registry = TestObservationRegistry.create();

    @Test
    void anAttemptIsObservedWithFewValues() {
        new RegistrationObservations(registry, null).onAttempt(TARGET).onEnd(true, null);
        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasNameEqualTo("alias.rpc.register")
                .hasContextualNameEqualTo("register alias")
                .hasLowCardinalityKeyValue("outcome", "updated")
                .hasLowCardinalityKeyValue("server", "eu")
                .hasLowCardinalityKeyValue("service", "billing")
                .hasBeenStarted()
                .hasBeenStopped()
                .doesNotHaveError();
    }

    @Test
    void aFailureIsAnOutcomeAndAnError() {
        new RegistrationObservations(registry, null)
                .onAttempt(TARGET)
                .onEnd(false, new AliasRpcException.PeerNotFound("nobody"));
        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasLowCardinalityKeyValue("outcome", "peer_not_found")
                .hasError()
                .hasBeenStopped();
    }

    @Test
    void aConventionOfTheApplicationReplacesOurs() {
        RegistrationObservationConvention own = new RegistrationObservationConvention() {
            @Override
            public String getName() {
                return "my.registration";
            }

            @Override
            public KeyValues getLowCardinalityKeyValues(RegistrationContext context) {
                return KeyValues.of("alias", context.registration().alias());
            }
        };
        new RegistrationObservations(registry, own).onAttempt(TARGET).onEnd(false, null);
        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasNameEqualTo("my.registration")
                .hasLowCardinalityKeyValue("alias", "app");
    }

    @Test
    void theDocumentationNamesTheConventionAndItsKeys() {
        assertThat(RegistrationObservation.REGISTER.getDefaultConvention())
                .isEqualTo(DefaultRegistrationObservationConvention.class);
        assertThat(RegistrationObservation.REGISTER.getLowCardinalityKeyNames())
                .extracting(KeyName::asString)
                .containsExactlyInAnyOrder("outcome", "server", "service");
    }
}
