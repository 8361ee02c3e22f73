@NullMarked
package org.aliasrpc.encoding;

import org.jspecify.annotations.NullMarked;
