/** The duplicate rule over HyperDHT connections: which of several connections between two keys survives. */
@NullMarked
package org.aliasrpc.hyperswarm;

import org.jspecify.annotations.NullMarked;
