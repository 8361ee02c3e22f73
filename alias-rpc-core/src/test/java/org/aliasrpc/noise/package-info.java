@NullMarked
package org.aliasrpc.noise;

import org.jspecify.annotations.NullMarked;
