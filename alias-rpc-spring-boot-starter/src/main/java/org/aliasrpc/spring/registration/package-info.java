/** Keeps an application registered with its alias servers. */
@NullMarked
package org.aliasrpc.spring.registration;

import org.jspecify.annotations.NullMarked;
