package org.aliasrpc.sample;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lines on standard output that programs wait for. */
final class Ready {
    private static final Logger LOG = LoggerFactory.getLogger("alias-rpc.ready");

    private Ready() {}

    /**
     * @param facts {@code name=value}, separated by blanks
     */
    static void line(String facts) {
        LOG.info("ready {}", facts);
    }
}
