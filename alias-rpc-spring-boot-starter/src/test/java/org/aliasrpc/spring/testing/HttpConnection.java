package org.aliasrpc.spring.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.springframework.context.ApplicationContext;

/** One HTTP/1.1 connection whose user says when it is read, and how it is left. */
public final class HttpConnection implements AutoCloseable {
    private static final int RECEIVE_BYTES = 16 * 1024;
    private static final int PATIENCE_MILLIS = 30_000; // only a server that hangs meets it

    private final Socket socket = new Socket();
    private final DataInputStream in;

    /**
     * @param application whose web server is asked
     */
    public HttpConnection(ApplicationContext application) {
        int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        try {
            socket.setReceiveBufferSize(RECEIVE_BYTES); // so that an answer stays with the server
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends a request.
     *
     * @param method GET or HEAD
     * @param path asked for
     * @param headers whole lines
     */
    public HttpConnection send(String method, String path, String... headers) {
        String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n";
        try {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Status and headers of the next answer, whose body is to be read next. */
    public Head head() throws IOException {
        String[] status = line().split(" ", 3);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            String[] halves = line.split(":", 2);
            headers.put(halves[0].toLowerCase(Locale.ROOT), halves[1].strip());
        }
        return new Head(Integer.parseInt(status[1]), headers);
    }

    /** The next bytes of a body. */
    public byte[] read(int bytes) throws IOException {
        byte[] part = new byte[bytes];
        in.readFully(part);
        return part;
    }

    /** The whole body of the answer to a GET. */
    public String body(Head head) throws IOException {
        byte[] body = "chunked".equals(head.header("transfer-encoding")) ? chunks() : read(head.length());
        if (!head.header("content-encoding").equals("gzip")) {
            return new String(body, StandardCharsets.UTF_8);
        }
        try (var plain = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private byte[] chunks() throws IOException {
        var all = new ByteArrayOutputStream();
        int length;
        do {
            length = Integer.parseInt(line(), 16);
            all.write(read(length));
            line();
        } while (length > 0);
        return all.toByteArray();
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("after " + line);
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    /** Leaves with a reset, as a process that is killed with data unread. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What stands before a body.
     *
     * @param status of the answer
     * @param headers by their names in lower case
     */
    public record Head(int status, Map<String, String> headers) {
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        public int length() {
            return Integer.parseInt(header("content-length"));
        }
    }
}
