package org.aliasrpc.spring.startup;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Two class paths made from that of this process: of an ordinary web application, and of the same one with the starter.
 * Everything is a jar, as in an application that runs somewhere: a directory on a class path is asked for every class.
 *
 * @param without the application and what spring-boot-starter-webmvc and -actuator bring
 * @param with the same, and behind it what the starter brings
 */
public record ClassPaths(String without, String with) {
    private static final String VERSION_AND_END = "-[0-9][^/]*\\.jar";

    private static final Pattern PLAIN = Pattern.compile(".*/(spring-(aop|beans|context|core|expression|web|webmvc)"
            + "|spring-boot|spring-boot-(actuator.*|autoconfigure|health|http-converter|jackson|micrometer-.*"
            + "|observation|servlet|tomcat|web-server|webmvc)|micrometer-(commons|core|observation|jakarta9)"
            + "|HdrHistogram|LatencyUtils|tomcat-embed-[a-z]+|jackson-[a-z]+|logback-[a-z]+|slf4j-api|jul-to-slf4j"
            + "|log4j-(api|to-slf4j)|snakeyaml|jakarta\\.annotation-api|commons-logging|jspecify)" + VERSION_AND_END);

    /** What the starter and the core need at run time; the tests' class path has far more of Netty, for WebFlux. */
    private static final Pattern BROUGHT = Pattern.compile(
            ".*/(netty-(buffer|common|resolver|transport|transport-(classes|native)-epoll|transport-native-unix-common)"
                    + "|bcprov-jdk18on|bucket4j_jdk17-core|caffeine)" + VERSION_AND_END);

    private static final Pattern OURS =
            Pattern.compile(".*/alias-rpc-(core|spring-boot-starter)(/target/(q/main|classes)|[^/]*(?<!tests)\\.jar)");

    /**
     * @param directory for the jars that have to be made
     * @param application classes that, with those nested in them, are the application: all from one place
     */
    public static ClassPaths in(Path directory, Class<?>... application) throws IOException {
        List<Path> own = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        List<Path> plain = new ArrayList<>();
        plain.add(application(directory, application));
        plain.addAll(matching(own, PLAIN));
        List<Path> brought = new ArrayList<>();
        for (Path entry : matching(own, OURS)) {
            brought.add(
                    Files.isDirectory(entry) ? jar(entry, directory.resolve(brought.size() + ".jar"), ".*") : entry);
        }
        brought.addAll(matching(own, BROUGHT));
        if (brought.size() < 4) {
            throw new IllegalStateException("the starter was not found on the class path: " + own);
        }
        return new ClassPaths(
                text(plain),
                text(Stream.concat(plain.stream(), brought.stream()).toList()));
    }

    private static Path application(Path directory, Class<?>... application) throws IOException {
        String names = Stream.of(application)
                .map(type -> type.getName().replace('.', '/'))
                .collect(Collectors.joining("|"));
        var location = application[0].getProtectionDomain().getCodeSource().getLocation();
        return jar(Path.of(location.getPath()), directory.resolve("application.jar"), "(" + names + ")([.$].*)");
    }

    private static Path jar(Path classes, Path jar, String content) throws IOException {
        Pattern wanted = Pattern.compile(content);
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Path file : files) {
                String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
                if (wanted.matcher(name).matches()) {
                    zip.putNextEntry(new ZipEntry(name));
                    Files.copy(file, zip);
                    zip.closeEntry();
                }
            }
        }
        return jar;
    }

    private static List<Path> matching(List<Path> entries, Pattern pattern) {
        return entries.stream()
                .filter(entry -> pattern.matcher(entry.toString().replace(File.separatorChar, '/'))
                        .matches())
                .toList();
    }

    private static String text(List<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
