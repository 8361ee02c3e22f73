/** Observations of registration, and how to change what they are called. */
@NullMarked
package org.aliasrpc.spring.observation;

import org.jspecify.annotations.NullMarked;
