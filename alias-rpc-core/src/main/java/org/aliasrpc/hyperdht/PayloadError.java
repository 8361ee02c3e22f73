package org.aliasrpc.hyperdht;

/**
 * Errors within encrypted payloads.
 *
 * <p>Source: docs/protocol/hyperdht.md §1.2.
 */
final class PayloadError {
    static final int NONE = 0;
    static final int ABORTED = 1;
    static final int VERSION_MISMATCH = 2;
    static final int TRY_LATER = 3;

    private PayloadError() {}
}
