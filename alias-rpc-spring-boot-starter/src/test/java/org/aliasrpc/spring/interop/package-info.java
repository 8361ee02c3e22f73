/** Whole applications and services of ours against those of the reference. */
@NullMarked
package org.aliasrpc.spring.interop;

import org.jspecify.annotations.NullMarked;
