/** Tests of addresses. */
@NullMarked
package org.aliasrpc.net;

import org.jspecify.annotations.NullMarked;
