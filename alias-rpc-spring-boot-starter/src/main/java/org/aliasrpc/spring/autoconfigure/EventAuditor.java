package org.aliasrpc.spring.autoconfigure;

/** Makes audit events of what happens; there is one only where Actuator is. Called on the thread of the listeners. */
@FunctionalInterface
interface EventAuditor {
    /**
     * @param event of any kind
     */
    void audit(Object event);
}
