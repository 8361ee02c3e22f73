/** Tests of the test support. */
@NullMarked
package org.aliasrpc.spring.test;

import org.jspecify.annotations.NullMarked;
