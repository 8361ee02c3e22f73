@NullMarked
package org.aliasrpc.io;

import org.jspecify.annotations.NullMarked;
