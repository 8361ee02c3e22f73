package org.aliasrpc.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.aliasrpc.spring.event.AliasRpcEvent;
import org.aliasrpc.spring.event.AliasRpcServerListeningEvent;
import org.aliasrpc.spring.registration.RegistrationStatus;
import org.aliasrpc.spring.registry.AliasEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.annotation.ImportRuntimeHints;

/** A native image can read what applications show or ask of our records. */
class AliasRpcRuntimeHintsTest {
    private final RuntimeHints hints = new RuntimeHints();

    static List<Class<?>> records() {
        return Arrays.stream(AliasRpcEvent.class.getPermittedSubclasses())
                .flatMap(family -> Arrays.<Class<?>>stream(family.getPermittedSubclasses()))
                .collect(
                        () -> new java.util.ArrayList<>(List.of(
                                AliasRpcServerListeningEvent.class, AliasEntry.class, RegistrationStatus.class)),
                        List::add,
                        List::addAll);
    }

    @ParameterizedTest
    @MethodSource("records")
    void everyComponentCanBeRead(Class<?> type) throws NoSuchMethodException {
        new AliasRpcRuntimeHints().registerHints(hints, getClass().getClassLoader());
        assertThat(type.getRecordComponents()).isNotEmpty();
        for (RecordComponent component : type.getRecordComponents()) {
            assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(type.getMethod(component.getName())))
                    .as(type.getSimpleName() + "." + component.getName())
                    .accepts(hints);
        }
    }

    @Test
    void areImportedByTheAutoConfigurationThatEveryRoleNeeds() {
        assertThat(AliasRpcAutoConfiguration.class
                        .getAnnotation(ImportRuntimeHints.class)
                        .value())
                .containsExactly(AliasRpcRuntimeHints.class);
        assertThat(RuntimeHintsPredicates.reflection().onType(AliasEntry.class)).rejects(hints);
    }
}
