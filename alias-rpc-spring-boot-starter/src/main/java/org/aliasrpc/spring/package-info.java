/** What an application sees of alias registration: customizers, connection details, identity. */
@NullMarked
package org.aliasrpc.spring;

import org.jspecify.annotations.NullMarked;
