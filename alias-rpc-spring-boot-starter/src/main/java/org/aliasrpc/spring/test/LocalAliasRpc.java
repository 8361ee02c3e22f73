package org.aliasrpc.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives the application under test a DHT and an alias server of its own, both in this process and on 127.0.0.1: it
 * registers there, whatever its properties say. The bean {@link LocalAliasServer} tells what has arrived.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface LocalAliasRpc {
    /** Nodes of the DHT. */
    int nodes() default 3;
}
