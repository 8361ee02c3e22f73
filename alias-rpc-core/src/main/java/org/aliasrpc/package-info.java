/**
 * The public API: HyperDHT nodes, Hyperswarm, and both ends of alias registration.
 *
 * <p>Names follow the Node packages {@code hyperdht}, {@code hyperswarm} and {@code dht-prom-alias-rpc}.
 */
@NullMarked
package org.aliasrpc;

import org.jspecify.annotations.NullMarked;
