package org.aliasrpc.spring.prometheus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the Grafana dashboard asks Prometheus for. */
final class Dashboard {
    private static final Pattern VALUES = Pattern.compile("label_values\\((.+), \\w+\\)");

    private Dashboard() {}

    /** The expressions of all panels and variables, with values for the variables. */
    static Set<String> expressions() throws IOException {
        Set<String> all = new TreeSet<>();
        JsonNode dashboard =
                JsonMapper.shared().readTree(Files.readString(Path.of("..", "docs", "grafana", "alias-rpc.json")));
        for (JsonNode expression : dashboard.findValues("expr")) {
            all.add(expression
                    .asString()
                    .replace("$service", ".*")
                    .replace("$job", "alias-rpc")
                    .replace("$__rate_interval", "1m"));
        }
        for (JsonNode query : dashboard.path("templating").findValues("query")) {
            Matcher values = VALUES.matcher(query.asString(""));
            if (values.matches()) {
                all.add(values.group(1));
            }
        }
        return all;
    }
}
