/** What Prometheus is told to scrape: HTTP service discovery and a file of the same content. */
@NullMarked
package org.aliasrpc.spring.discovery;

import org.jspecify.annotations.NullMarked;
