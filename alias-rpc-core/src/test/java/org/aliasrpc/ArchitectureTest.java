package org.aliasrpc;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.NullMarked;

/** The rules of CONTRIBUTING.md that a machine can check: who may use whom, and what protocol logic stays away from. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    static final String ROOT = "org.aliasrpc";

    /** Bottom first; a package may use those before it, and the root all of them. Hence no cycles either. */
    private static final List<String> LAYERS = List.of(
            "encoding",
            "crypto",
            "net",
            "noise",
            "secretstream",
            "protomux",
            "rpc",
            "udx",
            "dht",
            "hyperdht",
            "hyperswarm",
            "alias",
            "metrics",
            "io",
            "");

    /** What users see: signatures there name nothing else of ours. */
    private static final Set<String> EXPORTED = Set.of("encoding", "crypto", "");

    private static final String IO = ROOT + ".io..";

    @ArchTest
    static final ArchRule LAYERS_USE_ONLY_THOSE_BELOW = classes()
            .should(new ArchCondition<>("use only packages before their own in the list of layers") {
                @Override
                public void check(JavaClass origin, ConditionEvents events) {
                    int layer = LAYERS.indexOf(layer(origin));
                    if (layer < 0) {
                        events.add(SimpleConditionEvent.violated(origin, origin.getName() + " is in no known layer"));
                    }
                    for (Dependency use : origin.getDirectDependenciesFromSelf()) {
                        JavaClass target = use.getTargetClass().getBaseComponentType();
                        if (isOurs(target) && LAYERS.indexOf(layer(target)) > layer) {
                            events.add(SimpleConditionEvent.violated(origin, use.getDescription()));
                        }
                    }
                }
            });

    @ArchTest
    static final ArchRule ONLY_CRYPTO_NAMES_BOUNCY_CASTLE = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".crypto..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bouncycastle..");

    @ArchTest
    static final ArchRule ONLY_IO_NAMES_NETTY = noClasses()
            .that()
            .resideOutsideOfPackage(IO)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule CORE_KNOWS_NO_SPRING =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework..");

    @ArchTest
    static final ArchRule ONLY_IO_AND_THE_ROOT_LOG = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT, IO)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.slf4j..");

    /** Package {@code net} turns the JDK's addresses into ours and back, without asking any name service. */
    @ArchTest
    static final ArchRule ONLY_IO_AND_THE_ROOT_KNOW_SOCKETS_AND_FILES = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT, IO, ROOT + ".net..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.net", "java.nio.channels..", "java.nio.file.."));

    @ArchTest
    static final ArchRule TIME_AND_CHANCE_COME_FROM_IO =
            noClasses().that().resideOutsideOfPackage(IO).should().accessTargetWhere(readsTimeOrChance());

    @ArchTest
    static final ArchRule ONLY_IO_AND_THE_ROOT_KNOW_THREADS = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT, IO)
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.util.concurrent..")
                    .and(not(describe("TimeUnit", type -> type.isEquivalentTo(TimeUnit.class)))))
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Thread.class, ThreadLocal.class);

    @ArchTest
    static final ArchRule NO_VOLATILE_FIELD_BELOW_IO = fields().that()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackages(ROOT, IO)
            .should()
            .notHaveModifier(JavaModifier.VOLATILE);

    @ArchTest
    static final ArchRule NO_SYNCHRONIZED_METHOD_BELOW_IO = methods()
            .that()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackages(ROOT, IO)
            .and()
            .doNotHaveName("fillInStackTrace") // Throwable declares it so
            .should()
            .notHaveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule EVERY_PACKAGE_IS_NULL_MARKED = classes()
            .should(be(describe(
                    "in a package whose package-info.java has @NullMarked",
                    (JavaClass type) -> type.getPackage().isAnnotatedWith(NullMarked.class))));

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
            noClasses().should().haveNameMatching(".*(Impl|Manager|Utils?|Helper)$");

    @ArchTest
    static final ArchRule CLASSES_ARE_FINAL_UNLESS_EXTENDED = classes()
            .that(describe(
                    "can be extended and are not",
                    type -> !type.isInterface()
                            && !type.isEnum()
                            && !type.isAnonymousClass()
                            && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                            && type.getSubclasses().isEmpty()))
            .should()
            .haveModifier(JavaModifier.FINAL);

    @ArchTest
    static final ArchRule EXPORTED_SIGNATURES_NAME_EXPORTED_TYPES = methods()
            .that()
            .areDeclaredInClassesThat(describe("users see", type -> EXPORTED.contains(layer(type)) && visible(type)))
            .and(describe("are public or protected", method -> visible(method.getModifiers())))
            .should(new ArchCondition<>("name only exported types") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    method.getAllInvolvedRawTypes().stream()
                            .map(JavaClass::getBaseComponentType)
                            .filter(type -> isOurs(type) && !EXPORTED.contains(layer(type)))
                            .forEach(type -> events.add(SimpleConditionEvent.violated(
                                    method, method.getFullName() + " names " + type.getName())));
                }
            });

    /** For each type that gives time or chance, the methods meant; a constructor is called {@code <init>}. */
    private static DescribedPredicate<JavaAccess<?>> readsTimeOrChance() {
        Map<Class<?>, Set<String>> sources = Map.of(
                System.class, Set.of("nanoTime", "currentTimeMillis"),
                Thread.class, Set.of("sleep", "onSpinWait", "yield"),
                Math.class, Set.of("random"),
                Instant.class, Set.of("now"),
                Clock.class, Set.of("systemUTC", "systemDefaultZone", "system", "tickMillis", "tickSeconds"),
                UUID.class, Set.of("randomUUID"),
                ThreadLocalRandom.class, Set.of("current"),
                RandomGenerator.class, Set.of("getDefault", "of"),
                Random.class, Set.of("<init>"),
                SecureRandom.class, Set.of("<init>", "getInstance", "getInstanceStrong"));
        return describe(
                "reads a clock, waits or makes a random generator",
                access -> access.getTarget() instanceof CodeUnitAccessTarget target
                        && sources.entrySet().stream()
                                .anyMatch(source -> target.getOwner().isEquivalentTo(source.getKey())
                                        && source.getValue().contains(target.getName())));
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
    }

    /** The first part of the package's name below the root; empty for the root itself. */
    private static String layer(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1).replaceFirst("\\..*", "");
    }

    private static boolean visible(JavaClass type) {
        return visible(type.getModifiers())
                && type.getEnclosingClass().map(ArchitectureTest::visible).orElse(true);
    }

    private static boolean visible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }
}
