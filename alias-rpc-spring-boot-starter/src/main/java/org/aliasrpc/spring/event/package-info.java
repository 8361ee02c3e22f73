/** What happened, as Spring application events. */
@NullMarked
package org.aliasrpc.spring.event;

import org.jspecify.annotations.NullMarked;
