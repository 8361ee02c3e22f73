/** Actuator: endpoints, health, info. */
@NullMarked
package org.aliasrpc.spring.actuate;

import org.jspecify.annotations.NullMarked;
