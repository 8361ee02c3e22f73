/** The table of an alias server. */
@NullMarked
package org.aliasrpc.spring.registry;

import org.jspecify.annotations.NullMarked;
