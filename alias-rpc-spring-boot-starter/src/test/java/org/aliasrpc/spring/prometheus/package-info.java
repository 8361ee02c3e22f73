/** The whole loop with a real Prometheus. */
@NullMarked
package org.aliasrpc.spring.prometheus;

import org.jspecify.annotations.NullMarked;
