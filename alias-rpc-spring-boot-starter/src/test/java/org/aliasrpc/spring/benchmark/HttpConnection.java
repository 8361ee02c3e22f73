package org.aliasrpc.spring.benchmark;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Asks over one connection that is kept, as Prometheus does, and costs little CPU. A server that has answered enough
 * requests says that it closes (Tomcat after 100): then the next request has a new connection.
 */
final class HttpConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int TIMEOUT_MILLIS = 60_000;

    private final int port;
    private final String host;
    private final byte[] scratch = new byte[BUFFER_BYTES];
    private Socket socket;
    private InputStream in;

    /**
     * @param port on 127.0.0.1
     */
    HttpConnection(int port) throws IOException {
        this.port = port;
        this.host = "127.0.0.1:" + port;
        this.socket = connect(port);
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private void reconnect() throws IOException {
        socket.close();
        socket = connect(port);
        in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    }

    /**
     * @param path to get
     * @param gzip whether compression is accepted
     * @return bytes of the body, as they came over the wire
     * @throws IOException also on any status but 200
     */
    long get(String path, boolean gzip) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: */*\r\n"
                + (gzip ? "Accept-Encoding: gzip\r\n" : "") + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String status = line();
        long length = -1;
        boolean compressed = false;
        boolean closes = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(lower.indexOf(':') + 1).strip());
            }
            compressed |= lower.startsWith("content-encoding:") && lower.contains("gzip");
            closes |= lower.startsWith("connection:") && lower.contains("close");
        }
        long body = length < 0 ? chunks() : skipped(length);
        if (closes) {
            reconnect();
        }
        if (!status.startsWith("HTTP/1.1 200") || compressed != gzip) {
            throw new IOException(status + (compressed == gzip ? "" : ", compressed: " + compressed));
        }
        return body;
    }

    private long chunks() throws IOException {
        long total = 0;
        while (true) {
            long length = Long.parseLong(line().split(";", 2)[0].strip(), 16);
            total += skipped(length);
            line(); // the end of the chunk, or of the trailer, which nobody here sends
            if (length == 0) {
                return total;
            }
        }
    }

    private long skipped(long length) throws IOException {
        for (long left = length; left > 0; ) {
            int read = in.read(scratch, 0, (int) Math.min(left, scratch.length));
            if (read < 0) {
                throw new IOException("closed in the body");
            }
            left -= read;
        }
        return length;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("closed");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
