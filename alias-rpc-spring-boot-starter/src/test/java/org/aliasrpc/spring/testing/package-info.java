/** What several tests of the starter use. */
@NullMarked
package org.aliasrpc.spring.testing;

import org.jspecify.annotations.NullMarked;
