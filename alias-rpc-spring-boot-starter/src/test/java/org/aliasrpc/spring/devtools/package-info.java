/** An application under Boot's dev tools. */
@NullMarked
package org.aliasrpc.spring.devtools;

import org.jspecify.annotations.NullMarked;
