package org.aliasrpc.alias;

import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;

/**
 * {@code uint major, uint minor, bool success}, then {@code bool updated} on success, else {@code string reason}.
 *
 * <p>A server writes its own version and does not mirror the client's. A client refuses another major version and ignores
 * the minor one. Source: alias-rpc.md §3.
 */
final class AliasResponseCodec implements Codec<AliasResponse> {
    /** Of our own version. */
    static final AliasResponseCodec INSTANCE = new AliasResponseCodec(AliasProtocol.MAJOR, AliasProtocol.MINOR);

    private final long writtenMajor;
    private final long writtenMinor;

    /**
     * @param major written; 0 counts as not given
     * @param minor written; likewise
     */
    AliasResponseCodec(long major, long minor) {
        this.writtenMajor = major == 0 ? AliasProtocol.MAJOR : major;
        this.writtenMinor = minor == 0 ? AliasProtocol.MINOR : minor;
    }

    @Override
    public void encode(Writer out, AliasResponse response) {
        out.uint(writtenMajor).uint(writtenMinor);
        if (response instanceof AliasResponse.Registered registered) {
            out.bool(true).bool(registered.updated());
        } else if (response instanceof AliasResponse.Refused refused) {
            out.bool(false).utf8(refused.reason());
        }
    }

    @Override
    public AliasResponse decode(Reader in) throws DecodeException {
        long major = in.uint();
        in.uint(); // minor
        if (major != AliasProtocol.MAJOR) {
            // The text is the reference's, which forgot to close the parenthesis (alias-rpc.md §3).
            throw new DecodeException("Cannot decode AliasResp of different major version " + major + " (own version: "
                    + AliasProtocol.MAJOR);
        }
        return in.bool() ? new AliasResponse.Registered(in.bool()) : new AliasResponse.Refused(in.utf8());
    }
}
