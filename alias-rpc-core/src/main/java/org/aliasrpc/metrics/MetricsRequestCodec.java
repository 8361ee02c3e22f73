package org.aliasrpc.metrics;

import org.aliasrpc.encoding.Codec;
import org.aliasrpc.encoding.DecodeException;
import org.aliasrpc.encoding.Reader;
import org.aliasrpc.encoding.Writer;

/**
 * {@code uint major, uint minor}; 0 counts as not given and is written as 1. Another major version and a higher minor
 * version are refused, with the reference's texts, which speak of another message. Source: alias-rpc.md §8.
 */
enum MetricsRequestCodec implements Codec<MetricsRequest> {
    INSTANCE;

    @Override
    public void encode(Writer out, MetricsRequest request) {
        out.uint(request.major() == 0 ? MetricsProtocol.REQUEST_MAJOR : request.major());
        out.uint(request.minor() == 0 ? MetricsProtocol.REQUEST_MINOR : request.minor());
    }

    @Override
    public MetricsRequest decode(Reader in) throws DecodeException {
        MetricsRequest request = new MetricsRequest(in.uint(), in.uint());
        if (request.major() != MetricsProtocol.REQUEST_MAJOR) {
            throw new DecodeException("Cannot decode RegisterRequest of other major version " + request.major()
                    + " (own major: " + MetricsProtocol.REQUEST_MAJOR + ")");
        }
        if (request.minor() > MetricsProtocol.REQUEST_MINOR) {
            throw new DecodeException("Cannot decode RegisterRequest of higher minor version " + request.minor()
                    + " (own minor: " + MetricsProtocol.REQUEST_MINOR + ")");
        }
        return request;
    }
}
