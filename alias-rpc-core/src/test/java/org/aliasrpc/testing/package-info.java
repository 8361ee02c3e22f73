/** What tests of every module share. */
@NullMarked
package org.aliasrpc.testing;

import org.jspecify.annotations.NullMarked;
