/** Auto-configuration of alias registration for Spring Boot. */
@NullMarked
package org.aliasrpc.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
