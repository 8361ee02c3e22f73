/** The runnable service and demo. */
@NullMarked
package org.aliasrpc.sample;

import org.jspecify.annotations.NullMarked;
