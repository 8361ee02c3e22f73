package org.aliasrpc.spring.autoconfigure;

import org.springframework.context.SmartLifecycle;

/**
 * In which order the parts start; they stop in the opposite one. All start before the web server and stop after it, so that
 * a request which is being answered at the end still finds them.
 */
final class Phases {
    static final int EVENTS = SmartLifecycle.DEFAULT_PHASE - 8192;
    static final int DHT = EVENTS + 512;
    static final int REGISTRY = DHT + 256;
    static final int SERVER = DHT + 512;
    static final int METRICS = SERVER; // both take announcements back at the end, and need not wait for each other
    static final int CLIENT = METRICS + 512;

    private Phases() {}
}
