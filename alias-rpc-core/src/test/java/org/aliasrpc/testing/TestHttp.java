package org.aliasrpc.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Requests of tests to web servers of tests. Each ends: with an answer, or with a failure of its test. */
public final class TestHttp {
    /** Longer than anything takes on a busy machine, so that only a server that hangs meets it. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    private TestHttp() {}

    /** A GET request of this address. */
    public static HttpResponse<String> get(String url) throws InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url)), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a request and waits for its answer. */
    public static <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
            throws InterruptedException {
        return send(CLIENT, request, body);
    }

    /** As {@link #send(HttpRequest.Builder, HttpResponse.BodyHandler)}, by another client. */
    public static <T> HttpResponse<T> send(
            HttpClient client, HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
            throws InterruptedException {
        CompletableFuture<HttpResponse<T>> answer = sendAsync(client, request, body);
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(request.build() + " has no answer", e.getCause());
        }
    }

    /** Sends a request. */
    public static <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        return sendAsync(CLIENT, request, body);
    }

    private static <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpClient client, HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        // The request's own limit ends with the head of the answer, this one with its last byte.
        return client.sendAsync(request.timeout(LIMIT).build(), body).orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
