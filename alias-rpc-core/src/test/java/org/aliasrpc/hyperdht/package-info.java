/** Tests of HyperDHT: codecs against the reference's bytes, machines by themselves, and networks in virtual time. */
@NullMarked
package org.aliasrpc.hyperdht;

import org.jspecify.annotations.NullMarked;
