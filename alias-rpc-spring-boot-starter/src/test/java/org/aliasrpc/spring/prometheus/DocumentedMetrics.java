package org.aliasrpc.spring.prometheus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of our metrics in the rules and the dashboard. */
final class DocumentedMetrics {
    private static final Pattern NAME = Pattern.compile("alias_rpc_[a-z_]+");

    /** Of applications, which a service alone does not have. */
    private static final String CLIENT = "alias_rpc_client_";

    private DocumentedMetrics() {}

    static Set<String> ofTheService() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String file : new String[] {"prometheus/alias-rpc-rules.yml", "grafana/alias-rpc.json"}) {
            Matcher matcher =
                    NAME.matcher(Files.readString(Path.of("..", "docs").resolve(file)));
            while (matcher.find()) {
                if (!matcher.group().startsWith(CLIENT)) {
                    names.add(matcher.group());
                }
            }
        }
        return names;
    }
}
