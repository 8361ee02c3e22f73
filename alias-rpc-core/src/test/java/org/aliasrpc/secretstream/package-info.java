@NullMarked
package org.aliasrpc.secretstream;

import org.jspecify.annotations.NullMarked;
