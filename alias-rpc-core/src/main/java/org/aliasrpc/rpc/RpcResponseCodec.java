package org.aliasrpc.rpc;

import java.util.Map;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;
import org.jspecify.annotations.Nullable;

/**
 * {@code flags, uint id}, then the raw value, or with flag 1 an error: {@code string message}, with flag 2
 * {@code string code}, with flag 4 {@code string cause message, string cause code}, with flags 4 and 8
 * {@code string context}.
 *
 * <p>Flags are one byte; higher bits are ignored. A reader takes {@code fd}, {@code fe} and {@code ff} for the length of a
 * longer bit field, of which the first byte counts. Unknown codes are dropped. Source: protomux-rpc.md §3.
 */
enum RpcResponseCodec implements Codec<RpcResponse> {
    INSTANCE;

    private static final int ERROR = 1;
    private static final int CODE = 2;
    private static final int CAUSE = 4;
    private static final int CONTEXT = 8;

    private static final Map<String, RpcErrorCode> WIRE_CODES = Map.of(
            "UNKNOWN_METHOD", RpcErrorCode.UNKNOWN_METHOD,
            "REQUEST_ERROR", RpcErrorCode.REQUEST_ERROR,
            "DECODE_ERROR", RpcErrorCode.DECODE_ERROR,
            "ENCODE_ERROR", RpcErrorCode.ENCODE_ERROR);

    @Override
    public void encode(Writer out, RpcResponse response) {
        if (response instanceof RpcResponse.Value served) {
            out.uint8(0).uint(served.id()).fixed(served.value());
        } else if (response instanceof RpcResponse.Failure failed) {
            encodeError(out, failed.id(), failed.error());
        }
    }

    private static void encodeError(Writer out, long id, RpcError error) {
        RpcError.Cause cause = error.cause();
        int flags = ERROR
                | (error.code() == null ? 0 : CODE)
                | (cause == null ? 0 : CAUSE)
                | (cause == null || cause.context() == null ? 0 : CONTEXT);
        out.uint8(flags).uint(id).utf8(error.message());
        if (error.code() != null) {
            out.utf8(error.code().name());
        }
        if (cause != null) {
            out.utf8(cause.message()).utf8(cause.code() == null ? "" : cause.code());
            if (cause.context() != null) {
                out.utf8(cause.context());
            }
        }
    }

    @Override
    public RpcResponse decode(Reader in) throws DecodeException {
        int flags = flags(in);
        long id = in.uint();
        if ((flags & ERROR) == 0) {
            return new RpcResponse.Value(id, in.raw());
        }
        String message = in.utf8();
        RpcErrorCode code = (flags & CODE) == 0 ? null : WIRE_CODES.get(in.utf8());
        RpcError.Cause cause = null;
        if ((flags & CAUSE) != 0) {
            String causeMessage = in.utf8();
            String causeCode = emptyIsAbsent(in.utf8());
            cause = new RpcError.Cause(
                    causeMessage, causeCode, (flags & CONTEXT) == 0 ? null : emptyIsAbsent(in.utf8()));
        }
        // The reference knows no cause of an unknown method, also if one is sent (protomux-rpc.md §3.3).
        return new RpcResponse.Failure(
                id, new RpcError(code, message, code == RpcErrorCode.UNKNOWN_METHOD ? null : cause));
    }

    private static int flags(Reader in) throws DecodeException {
        int first = in.uint8();
        int width = first == 0xfd ? 2 : first == 0xfe ? 4 : first == 0xff ? 8 : 0;
        return width == 0 ? first : in.view(width).get(0);
    }

    private static @Nullable String emptyIsAbsent(String text) {
        return text.isEmpty() ? null : text;
    }
}
