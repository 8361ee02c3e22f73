package org.aliasrpc.alias;

/**
 * What one connection may ask of an alias server. What is over a limit is refused with a text that says so, and the
 * connection stays.
 *
 * @param maxConcurrentPuts puts of one connection that run at a time
 * @param maxRequestBytes length of the encoded request; the frame allows 16 777 198 in all
 */
public record AliasServerLimits(int maxConcurrentPuts, int maxRequestBytes) {
    /** 64 puts, requests of any length. */
    public static final AliasServerLimits DEFAULT = new AliasServerLimits(64, Integer.MAX_VALUE);

    public AliasServerLimits {
        if (maxConcurrentPuts < 1 || maxRequestBytes < 1) {
            throw new IllegalArgumentException(
                    "limits of an alias server: " + maxConcurrentPuts + " puts, " + maxRequestBytes + " bytes");
        }
    }
}
