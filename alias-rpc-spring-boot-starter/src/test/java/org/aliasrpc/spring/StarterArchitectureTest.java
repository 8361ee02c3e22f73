package org.aliasrpc.spring;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.ComponentScan;

/** The starter uses what the core exports, and its auto-configurations are as Boot's. */
@AnalyzeClasses(packages = "org.aliasrpc.spring", importOptions = ImportOption.DoNotIncludeTests.class)
class StarterArchitectureTest {
    @ArchTest
    static final ArchRule ONLY_THE_CORES_EXPORTED_PACKAGES_ARE_USED = classes()
            .should()
            .onlyDependOnClassesThat(describe(
                    "are not ours, or exported",
                    type -> !type.getPackageName().startsWith("org.aliasrpc.")
                            || type.getPackageName().startsWith("org.aliasrpc.spring")
                            || type.getPackageName().equals("org.aliasrpc.crypto")
                            || type.getPackageName().equals("org.aliasrpc.encoding")));

    @ArchTest
    static final ArchRule NEITHER_NETTY_NOR_BOUNCY_CASTLE_IS_NAMED = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("org.aliasrpc.spring.autoconfigure.NettyMeters")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "org.bouncycastle..");

    @ArchTest
    static final ArchRule NOTHING_KNOWS_WHO_PUTS_IT_TOGETHER = noClasses()
            .that()
            .resideOutsideOfPackage("org.aliasrpc.spring.autoconfigure")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.aliasrpc.spring.autoconfigure");

    @ArchTest
    static final ArchRule AUTO_CONFIGURATIONS_ARE_FINAL =
            classes().that().areAnnotatedWith(AutoConfiguration.class).should().haveModifier(JavaModifier.FINAL);

    @ArchTest
    static final ArchRule AUTO_CONFIGURATIONS_HAVE_NO_PUBLIC_METHODS = methods()
            .that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(AutoConfiguration.class)
            .should()
            .notBePublic();

    @ArchTest
    static final ArchRule NOTHING_IS_SCANNED = noClasses().should().beAnnotatedWith(ComponentScan.class);

    @ArchTest
    static final ArchRule EVERY_PACKAGE_IS_NULL_MARKED = classes()
            .should(be(describe(
                    "in a package with @NullMarked",
                    (JavaClass type) -> type.getPackage().isAnnotatedWith(NullMarked.class))));

    @Test
    void everyAutoConfigurationIsListed() throws IOException {
        var listed = getClass()
                .getClassLoader()
                .getResources("META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports");
        StringBuilder all = new StringBuilder();
        while (listed.hasMoreElements()) {
            try (InputStream in = listed.nextElement().openStream()) {
                all.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        var imported = new ClassFileImporter().importPackages("org.aliasrpc.spring.autoconfigure");
        assertThat(imported.stream().filter(type -> type.isAnnotatedWith(AutoConfiguration.class)))
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(type -> assertThat(all.toString().lines()).contains(type.getName()));
    }
}
