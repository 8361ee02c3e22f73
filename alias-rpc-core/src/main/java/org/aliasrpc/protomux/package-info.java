/**
 * Protomux: many channels of typed messages over one stream that keeps message boundaries.
 *
 * <p>Source: docs/protocol/protomux.md.
 */
@NullMarked
package org.aliasrpc.protomux;

import org.jspecify.annotations.NullMarked;
