@NullMarked
package org.aliasrpc.benchmark;

import org.jspecify.annotations.NullMarked;
