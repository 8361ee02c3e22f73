package org.aliasrpc.alias;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;
import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;

/**
 * {@code uint major, uint minor, fixed32 secret, string alias, fixed32 targetPublicKey, string hostname, string service}.
 *
 * <p>Another major version and a higher minor version are refused before anything else is read, with the reference's
 * texts; the client gets to see them. Source: alias-rpc.md §2.
 */
final class AliasRequestCodec implements Codec<AliasRequest> {
    /** Of our own version. */
    static final AliasRequestCodec INSTANCE = new AliasRequestCodec(AliasProtocol.MAJOR, AliasProtocol.MINOR);

    private final long writtenMajor;
    private final long writtenMinor;

    /**
     * @param major written; 0 counts as not given (alias-rpc.md §2)
     * @param minor written; likewise
     */
    AliasRequestCodec(long major, long minor) {
        this.writtenMajor = major == 0 ? AliasProtocol.MAJOR : major;
        this.writtenMinor = minor == 0 ? AliasProtocol.MINOR : minor;
    }

    @Override
    public void encode(Writer out, AliasRequest request) {
        Registration registration = request.registration();
        byte[] secret = new byte[AliasRequest.SECRET_LENGTH];
        request.secret().copyTo(secret, 0);
        out.uint(writtenMajor).uint(writtenMinor).raw(secret, 0, secret.length).utf8(registration.alias());
        PublicKey.CODEC.encode(out, registration.targetPublicKey());
        out.utf8(registration.hostname()).utf8(registration.service());
        Arrays.fill(secret, (byte) 0);
    }

    @Override
    public AliasRequest decode(Reader in) throws DecodeException {
        long major = in.uint();
        long minor = in.uint();
        if (major != AliasProtocol.MAJOR) {
            throw new DecodeException("Cannot decode RegisterRequest of other major version " + major + " (own major: "
                    + AliasProtocol.MAJOR + ")");
        }
        if (minor > AliasProtocol.MINOR) {
            throw new DecodeException("Cannot decode RegisterRequest of higher minor version " + minor + " (own minor: "
                    + AliasProtocol.MINOR + ")");
        }
        ByteBuffer presented = in.view(AliasRequest.SECRET_LENGTH);
        String alias = in.utf8();
        PublicKey targetPublicKey = PublicKey.CODEC.decode(in);
        Registration registration = new Registration(alias, targetPublicKey, in.utf8(), in.utf8());
        byte[] secret = new byte[AliasRequest.SECRET_LENGTH];
        presented.get(secret);
        AliasRequest request = new AliasRequest(SecretBytes.copyOf(secret), registration);
        Arrays.fill(secret, (byte) 0);
        return request;
    }
}
