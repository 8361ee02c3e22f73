/** Scraping the registered targets on behalf of Prometheus, which asks over HTTP. */
@NullMarked
package org.aliasrpc.spring.scrape;

import org.jspecify.annotations.NullMarked;
