/** The table of an alias server in a database. */
@NullMarked
package org.aliasrpc.spring.registry.jdbc;

import org.jspecify.annotations.NullMarked;
