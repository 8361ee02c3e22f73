package org.aliasrpc.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Ports for tests whose servers go away and come back at the same address. */
public final class Ports {
    // Connections going out have theirs from 32768 on (Linux, ip_local_port_range), so none takes one of these
    // meanwhile.
    private static final int FIRST = 20_000;
    private static final int END = 32_768;
    private static final int ATTEMPTS = 1000;

    private Ports() {}

    /** A TCP port on which nobody listens. */
    public static int lasting() throws IOException {
        RandomGenerator random = RandomGenerator.getDefault();
        for (int i = 0; i < ATTEMPTS; i++) {
            try (ServerSocket socket =
                    new ServerSocket(random.nextInt(FIRST, END), 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // somebody's
            }
        }
        throw new IOException("no port is free");
    }
}
