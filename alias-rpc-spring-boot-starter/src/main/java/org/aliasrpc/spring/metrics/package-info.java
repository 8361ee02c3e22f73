/** This application's metrics, as its alias servers scrape them. */
@NullMarked
package org.aliasrpc.spring.metrics;

import org.jspecify.annotations.NullMarked;
