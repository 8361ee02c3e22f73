/**
 * Metrics scraping: the messages of the {@code prometheus-metrics} protocol and the behaviour of both ends.
 *
 * <p>Source: docs/protocol/alias-rpc.md, part B.
 */
@NullMarked
package org.aliasrpc.metrics;

import org.jspecify.annotations.NullMarked;
