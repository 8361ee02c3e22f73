package org.aliasrpc.spring.testing;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aliasrpc.AliasRpcServer;
import org.aliasrpc.crypto.PublicKey;
import org.aliasrpc.crypto.SecretBytes;

/** A server without network. */
public final class FakeServer implements AliasRpcServer {
    public final CompletableFuture<Void> listening = new CompletableFuture<>();
    public final List<Map<String, String>> secrets = new CopyOnWriteArrayList<>();
    public volatile boolean closed;

    @Override
    public PublicKey publicKey() {
        return Keys.key(5);
    }

    @Override
    public CompletionStage<Void> listenAsync() {
        return listening;
    }

    @Override
    public void replaceSecrets(Map<String, SecretBytes> fresh) {
        Map<String, String> texts = new LinkedHashMap<>();
        fresh.forEach((name, secret) -> {
            byte[] content = new byte[secret.length()];
            secret.copyTo(content, 0);
            texts.put(name, HexFormat.of().formatHex(content));
        });
        secrets.add(texts);
    }

    @Override
    public int connectionCount() {
        return 3;
    }

    @Override
    public void close() {
        closed = true;
    }
}
