/** Who may ask an alias server for what, and how often. */
@NullMarked
package org.aliasrpc.spring.limits;

import org.jspecify.annotations.NullMarked;
