package org.aliasrpc.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class or method that needs tools of the machine. Where one is missing the test is skipped, and the reason names
 * the tool; where the property {@code alias-rpc.require-tools} is set, as in {@code .ci/run}, it fails instead.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiredTool.class)
public @interface RequiresTool {
    /**
     * {@code node}, {@code prometheus}, {@code promtool}, {@code chromium} (the command is on the path; for
     * {@code node}, {@code npm} too), or {@code root-netns} (may make network namespaces and filter packets in them).
     */
    String[] value();
}
