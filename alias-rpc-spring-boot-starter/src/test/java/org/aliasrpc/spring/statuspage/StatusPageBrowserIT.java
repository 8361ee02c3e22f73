package org.aliasrpc.spring.statuspage;

import static org.aliasrpc.testing.Waiting.PATIENCE;
import static org.aliasrpc.testing.Waiting.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.aliasrpc.AliasRpcException;
import org.aliasrpc.spring.event.AliasRpcEventRing;
import org.aliasrpc.spring.event.AliasRpcRegistryEvent;
import org.aliasrpc.spring.scrape.AliasScraper;
import org.aliasrpc.spring.testing.Chromium;
import org.aliasrpc.spring.testing.FakeRegistry;
import org.aliasrpc.spring.testing.FakeScraper;
import org.aliasrpc.spring.testing.FakeService;
import org.aliasrpc.spring.testing.Keys;
import org.aliasrpc.testing.RequiresTool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** The status page in a real browser, with a table full of what hostile applications could register. */
@RequiresTool("chromium")
class StatusPageBrowserIT {
    private static final String MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    private static final List<String> HOSTILE = List.of(
            MARKUP,
            "\"><svg onload=alert(3)>",
            "javascript:alert(4)",
            "</script><script>alert(5)</script>",
            "{{constructor.constructor('alert(6)')()}}",
            "\u202egnp.exe\u0000\u001b[31m",
            "${7*7}' onmouseover='alert(7)",
            "x".repeat(255));

    @TempDir
    static Path profile;

    private static ConfigurableApplicationContext context;
    private static Chromium browser;

    @BeforeAll
    static void start() throws Exception {
        context = FakeService.run("servlet", "alias-rpc.server.status-page.enabled=true");
        browser = Chromium.start(profile);
    }

    @AfterAll
    static void stop() {
        browser.close();
        context.close();
    }

    @BeforeEach
    void reset() {
        registry().away = false;
        registry().clear();
        browser.call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 1280, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    }

    private static FakeRegistry registry() {
        return context.getBean(FakeRegistry.class);
    }

    private static void open() {
        browser.events.clear();
        browser.open(
                "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port") + "/alias-rpc");
        awaitTrue("document.readyState === 'complete' && document.getElementById('total').textContent !== '\u2013'");
    }

    private static void awaitTrue(String expression) {
        await(expression)
                .atMost(PATIENCE)
                .until(() -> browser.evaluate(expression).asBoolean(false));
    }

    private static String text(String selector) {
        return browser.evaluate("document.querySelector('" + selector + "').textContent")
                .asString();
    }

    @Test
    void whatCameFromTheNetworkIsTextAndNothingElse() {
        for (int i = 0; i < HOSTILE.size(); i++) {
            registry().with(HOSTILE.get(i), Keys.key(i + 1), HOSTILE.get(i), HOSTILE.get(i));
        }
        context.getBean(FakeScraper.class).fails(Keys.key(1), new AliasRpcException.Refused(MARKUP));
        resultOf(context.getBean(AliasScraper.class).scrape(MARKUP, Duration.ofSeconds(1)));
        context.getBean(AliasRpcEventRing.class)
                .onEvent(new AliasRpcRegistryEvent.AliasExpired(
                        new UUID(0, 0), Instant.now(), MARKUP, Keys.key(9), Keys.key(9)));
        open();
        awaitTrue("document.querySelectorAll('#aliases tr').length === " + HOSTILE.size());

        assertThat(browser.evaluate("document.body.innerText").asString())
                .contains(MARKUP, "Upstream error: " + MARKUP, "\\u{202e}gnp.exe\\u{0}");
        assertThat(browser.evaluate("document.querySelectorAll('main img, main svg, main script, main a').length")
                        .asInt())
                .isZero();
        assertThat(browser.evaluate("document.querySelectorAll('[onmouseover],[onerror],[onload]').length")
                        .asInt())
                .isZero();
        assertThat(browser.events)
                .extracting(event -> event.get("method").asString())
                .doesNotContain("Page.javascriptDialogOpening", "Runtime.exceptionThrown", "Log.entryAdded");
        assertThat(browser.events)
                .filteredOn(event -> event.get("method").asString().equals("Network.requestWillBeSent"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(
                                event.get("params").get("request").get("url").asString())
                        .startsWith("http://127.0.0.1:")
                        .contains("/alias-rpc"));
    }

    @Test
    void showsWhatHappensWithoutBeingAskedTo() {
        open();
        assertThat(text("#total")).isEqualTo("0");
        registry().with("shop", Keys.key(1), "h1", "s1");
        awaitTrue("document.getElementById('total').textContent === '1'");
        context.getBean(FakeScraper.class).answers(Keys.key(1), "up 1\n");
        resultOf(context.getBean(AliasScraper.class).scrape("shop", Duration.ofSeconds(1)));
        awaitTrue("document.querySelector('#aliases .good') !== null");
        assertThat(text("#aliases"))
                .contains("shop", "h1", "s1", "success", "5 B", Keys.key(1).toString());

        registry().away = true;
        awaitTrue("document.getElementById('trouble').textContent.includes('not available')");
        registry().away = false;
        awaitTrue("document.getElementById('trouble').textContent === ''");
    }

    @Test
    void isUsableByKeyboard() {
        registry().with("a", Keys.key(1), "h", "z").with("b", Keys.key(2), "h", "y");
        open();
        awaitTrue("document.querySelectorAll('#aliases tr').length === 2");
        browser.press("Tab", 9);
        assertThat(browser.evaluate("document.activeElement.id").asString()).isEqualTo("filter");
        browser.press("Tab", 9); // head of the first column
        browser.press("Tab", 9);
        assertThat(browser.evaluate("document.activeElement.textContent").asString())
                .isEqualTo("Service");
        assertThat(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                        .asString())
                .as("the focus is visible")
                .isEqualTo("solid");
        browser.press("Enter", 13);
        awaitTrue("document.querySelector('#aliases .name div').textContent === 'b'");
        assertThat(browser.evaluate("document.activeElement.parentElement.getAttribute('aria-sort')")
                        .asString())
                .isEqualTo("ascending");

        browser.evaluate("document.getElementById('filter').focus()");
        browser.type("a");
        awaitTrue("document.querySelectorAll('#aliases tr').length === 1");
        assertThat(text("#aliases .name div")).isEqualTo("a");
    }

    @Test
    void isReadableOnAPhone() {
        for (int i = 0; i < HOSTILE.size(); i++) {
            registry().with("app" + i, Keys.key(i + 1), HOSTILE.get(i), HOSTILE.get(i));
        }
        browser.call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 360, "height", 740, "deviceScaleFactor", 2, "mobile", true));
        open();
        awaitTrue("document.querySelectorAll('#aliases tr').length === " + HOSTILE.size());
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .as("nothing to scroll sideways for")
                .isLessThanOrEqualTo(360);
        assertThat(browser.evaluate("getComputedStyle(document.querySelector('#aliases td')).display")
                        .asString())
                .isEqualTo("block");
    }

    @Test
    void isReadableInTheDarkAndInTheLight() {
        registry().with("app", Keys.key(1), "host", "service");
        for (String scheme : List.of("dark", "light")) {
            browser.call(
                    "Emulation.setEmulatedMedia",
                    Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
            open();
            awaitTrue("document.querySelectorAll('#aliases tr').length === 1");
            for (String selector : List.of("h1", ".soft", "#aliases .name", "#aliases .tag", "caption")) {
                assertThat(contrast(selector))
                        .as("%s in the %s", selector, scheme)
                        .isGreaterThan(4.5);
            }
        }
    }

    /** The contrast of a text and what is behind it, by the formula of WCAG 2. */
    private static double contrast(String selector) {
        JsonNode colours = browser.evaluate("""
                (() => {
                  const element = document.querySelector('%s');
                  let ground = element;
                  while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
                  const numbers = text => text.match(/[0-9.]+/g).slice(0, 3).map(Number);
                  return [numbers(getComputedStyle(element).color), numbers(getComputedStyle(ground).backgroundColor)];
                })()""".formatted(selector));
        double text = luminance(colours.get(0));
        double ground = luminance(colours.get(1));
        return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
    }

    private static double luminance(JsonNode colour) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            double part = colour.get(i).asDouble() / 255;
            sum += weights[i] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}
