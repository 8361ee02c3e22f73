package org.aliasrpc.spring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** What is observed of registration. */
public enum RegistrationObservation implements ObservationDocumentation {
    /** One attempt to register with one server, from its begin to its outcome. */
    REGISTER {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultRegistrationObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return Keys.values();
        }
    };

    /** Keys with few values. */
    public enum Keys implements KeyName {
        /** {@code success}, {@code updated}, or the kind of failure. */
        OUTCOME {
            @Override
            public String asString() {
                return "outcome";
            }
        },
        /** The server's name in the configuration. */
        SERVER {
            @Override
            public String asString() {
                return "server";
            }
        },
        /** The service that is registered. */
        SERVICE {
            @Override
            public String asString() {
                return "service";
            }
        }
    }
}
