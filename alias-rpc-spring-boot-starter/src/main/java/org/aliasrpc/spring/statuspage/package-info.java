/** A page for people: who is registered, and how the scrapes go. */
@NullMarked
package org.aliasrpc.spring.statuspage;

import org.jspecify.annotations.NullMarked;
