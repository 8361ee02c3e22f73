package org.aliasrpc.testing;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.aliasrpc.testing.Waiting.PATIENCE_SECONDS;

import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.aliasrpc.Hyperswarm;
import org.aliasrpc.PeerConnection;
import org.aliasrpc.crypto.PublicKey;

/** A listening swarm that keeps the connections it is given. */
public final class ListeningSwarm implements AutoCloseable {
    public final Hyperswarm swarm;
    public final BlockingQueue<PeerConnection> connections = new LinkedBlockingQueue<>();

    /** Begins to listen, and waits until it is announced. */
    public ListeningSwarm(Hyperswarm swarm) throws InterruptedException {
        this.swarm = swarm;
        swarm.onConnection(connections::add);
        swarm.listen();
    }

    public PublicKey publicKey() {
        return swarm.publicKey();
    }

    /** The next connection, which must come. */
    public PeerConnection next() throws InterruptedException {
        return Objects.requireNonNull(connections.poll(PATIENCE_SECONDS, SECONDS), "no connection");
    }

    @Override
    public void close() {
        swarm.close();
    }
}
