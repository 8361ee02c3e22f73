/** Tests of UDX, most of them in virtual time. */
@NullMarked
package org.aliasrpc.udx;

import org.jspecify.annotations.NullMarked;
