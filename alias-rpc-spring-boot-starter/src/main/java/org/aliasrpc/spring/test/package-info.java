/** For tests of applications: registration without network. Needs spring-test. */
@NullMarked
package org.aliasrpc.spring.test;

import org.jspecify.annotations.NullMarked;
