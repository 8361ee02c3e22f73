@NullMarked
package org.aliasrpc.hyperswarm;

import org.jspecify.annotations.NullMarked;
