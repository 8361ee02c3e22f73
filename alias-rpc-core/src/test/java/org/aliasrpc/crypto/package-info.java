@NullMarked
package org.aliasrpc.crypto;

import org.jspecify.annotations.NullMarked;
