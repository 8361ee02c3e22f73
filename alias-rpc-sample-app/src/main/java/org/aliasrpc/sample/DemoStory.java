package org.aliasrpc.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasrpc.spring.AliasRpcIdentity;
import org.aliasrpc.spring.event.AliasRpcClientEvent;
import org.aliasrpc.spring.scrape.AliasScraper;
import org.aliasrpc.spring.scrape.ScrapeOutcome;
import org.aliasrpc.spring.scrape.ScrapeResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;

/** Tells in plain words what happened in the demo, and where to look. */
final class DemoStory {
    private static final Logger LOG = LoggerFactory.getLogger("alias-rpc.demo");

    private static final Duration SCRAPE_TIMEOUT = Duration.ofSeconds(10);

    private final int nodes;
    private final AliasRpcIdentity identity;
    private final AliasScraper scraper;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile String address = "";

    DemoStory(int nodes, AliasRpcIdentity identity, AliasScraper scraper) {
        this.nodes = nodes;
        this.identity = identity;
        this.scraper = scraper;
    }

    @EventListener
    void onWebServer(WebServerInitializedEvent event) {
        address = "127.0.0.1:" + event.getWebServer().getPort();
    }

    @EventListener
    void onRegistered(AliasRpcClientEvent.RegisterAliasSuccess event) {
        if (told.compareAndSet(false, true)) { // later ones are renewals
            scraper.scrape(event.alias(), SCRAPE_TIMEOUT).thenAccept(result -> tell(event, result));
        }
    }

    private void tell(AliasRpcClientEvent.RegisterAliasSuccess event, ScrapeResult scrape) {
        String http = "http://" + address;
        LOG.info(
                """

                What happened, all of it in this process and on 127.0.0.1:
                  1. {} nodes formed a DHT.
                  2. An alias server announced itself there under the key
                     {}
                  3. This application looked that key up in the DHT, connected, proved that it knows the secret,
                     and registered: the alias "{}" now points to its own key
                     {}
                  4. The service looked up the application's key, connected back, and scraped its metrics:
                     {}

                What to look at:
                  {}/alias-rpc                    a page in the browser: who is registered, how scrapes go
                  {}/scrape/{}/metrics   the application's metrics, peer to peer, for Prometheus
                  {}/actuator/aliasrpctargets     what Prometheus is told to scrape
                  {}/actuator/aliasrpc            both roles, and how the registration goes
                  {}/actuator/aliasrpcevents      what happened, event by event
                {}
                Ctrl-C ends it.
                """,
                nodes,
                identity.server().publicKey(),
                event.alias(),
                event.targetPublicKey(),
                told(scrape),
                http,
                http,
                event.alias(),
                http,
                http,
                http,
                prometheus());
    }

    private static String told(ScrapeResult scrape) {
        if (scrape.outcome() != ScrapeOutcome.SUCCESS) {
            return "it failed: " + scrape.reason();
        }
        long series = StandardCharsets.UTF_8
                .decode(scrape.text())
                .toString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .count();
        return series + " series, " + scrape.text().remaining() + " bytes, in "
                + scrape.duration().toMillis() + " ms";
    }

    private String prometheus() {
        try {
            Optional<String> command = DemoPrometheus.prepare(address);
            return command.map(line -> """

                            A real Prometheus is on this machine. This starts it with a configuration made for this demo;
                            then look at http://127.0.0.1:9090/targets:
                              %s
                            """.formatted(line)).orElse("");
        } catch (IOException e) {
            return "\n(A configuration for Prometheus could not be written: " + e.getMessage() + ")\n";
        }
    }
}
