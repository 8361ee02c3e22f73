package org.aliasrpc.spring.autoconfigure;

import java.util.function.Consumer;
import org.aliasrpc.spring.limits.RefusalReason;

/** Sees each refusal of the alias server, also on the event loop: must neither block nor throw. */
interface RefusalWatcher extends Consumer<RefusalReason> {}
