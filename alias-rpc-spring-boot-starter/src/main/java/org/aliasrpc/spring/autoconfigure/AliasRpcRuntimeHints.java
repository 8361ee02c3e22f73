package org.aliasrpc.spring.autoconfigure;

import org.aliasrpc.AliasRegistration;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcServerListeningEvent;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.registry.AliasEntry;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * What applications read by reflection in a native image: records that end up in their own JSON, or in the condition of an
 * {@code @EventListener}. Boot itself registers properties, endpoints and failure analyzers; Netty's jars bring what Netty
 * needs, and of BouncyCastle only classes are used that are named in the code.
 */
final class AliasRpcRuntimeHints implements RuntimeHintsRegistrar {
    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        var bindings = new BindingReflectionHintsRegistrar();
        bindings.registerReflectionHints(
                hints.reflection(),
                AliasRpcEvent.class,
                AliasRpcServerListeningEvent.class,
                AliasEntry.class,
                AliasRegistration.class,
                RegistrationStatus.class);
        for (Class<?> family : AliasRpcEvent.class.getPermittedSubclasses()) {
            bindings.registerReflectionHints(hints.reflection(), family);
            bindings.registerReflectionHints(hints.reflection(), family.getPermittedSubclasses());
        }
    }
}
