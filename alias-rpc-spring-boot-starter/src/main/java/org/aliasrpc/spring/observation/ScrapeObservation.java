package org.aliasrpc.spring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** What is observed of scrapes. */
public enum ScrapeObservation implements ObservationDocumentation {
    /** One scrape of one target, from the request over HTTP to its outcome. */
    SCRAPE {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultScrapeObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return LowKeys.values();
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return HighKeys.values();
        }
    };

    /** Keys with few values, for metrics. */
    public enum LowKeys implements KeyName {
        /** {@code success}, {@code timeout}, {@code unreachable}, {@code upstream_error} and so on. */
        OUTCOME {
            @Override
            public String asString() {
                return "outcome";
            }
        }
    }

    /** Keys with as many values as there are targets, for traces. */
    public enum HighKeys implements KeyName {
        /** As asked for. */
        ALIAS {
            @Override
            public String asString() {
                return "alias";
            }
        },
        /** As the target registered it. */
        SERVICE {
            @Override
            public String asString() {
                return "service";
            }
        }
    }
}
