/** The service under load, beside the reference's bridge. */
@NullMarked
package org.aliasrpc.spring.benchmark;

import org.jspecify.annotations.NullMarked;
