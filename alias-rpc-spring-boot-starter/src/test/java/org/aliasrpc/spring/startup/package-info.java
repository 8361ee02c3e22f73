/** What the starter costs an application at its start. */
@NullMarked
package org.aliasrpc.spring.startup;

import org.jspecify.annotations.NullMarked;
