package org.aliasrpc.spring.registration;

import java.util.Locale;
import org.aliasrpc.AliasRpcException;

/** Short names of failures, few enough for a metric's tag. */
public final class ErrorKind {
    private ErrorKind() {}

    /**
     * @param failure of an attempt
     * @return the name of its type in lower case, such as {@code peer_not_found}; a time-out also says in which step
     */
    public static String of(Throwable failure) {
        if (failure instanceof AliasRpcException.TimedOut timedOut) {
            return "timed_out_" + timedOut.step().name().toLowerCase(Locale.ROOT);
        }
        if (failure instanceof AliasRpcException) {
            return failure.getClass()
                    .getSimpleName()
                    .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                    .toLowerCase(Locale.ROOT);
        }
        return "unexpected";
    }
}
