package org.aliasrpc.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * The Node peers' program with its dependencies, installed on first use by {@code npm ci} from the committed lock file, so
 * that a run from Maven and one from an IDE need nothing but Node and npm.
 */
final class NodeModules {
    private static final String IN_MODULE = "src/test/node";
    private static final long INSTALL_SECONDS = 300;

    private NodeModules() {}

    /**
     * The directory with {@code peer.js}, installed. Only one process installs; others wait for it.
     *
     * @throws IllegalStateException if npm fails, with its output
     */
    static synchronized Path directory() {
        Path directory = locate();
        try {
            Path target =
                    Files.createDirectories(directory.resolve("../../../target").normalize());
            try (FileChannel lockFile = FileChannel.open(
                            target.resolve("npm-ci.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lockFile.lock()) {
                if (lock.isValid() && !isInstalled(directory)) {
                    install(directory);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    /** Tests run in the directory of their module; from any but core's the program is next door. */
    private static Path locate() {
        Path here = Path.of("").toAbsolutePath();
        for (Path candidate = here; candidate != null; candidate = candidate.getParent()) {
            for (String module : new String[] {"", "alias-rpc-core"}) {
                Path directory = candidate.resolve(module).resolve(IN_MODULE);
                if (Files.exists(directory.resolve("peer.js"))) {
                    return directory;
                }
            }
        }
        throw new IllegalStateException("no " + IN_MODULE + "/peer.js at or above " + here);
    }

    /** npm writes this hidden file last, so an installation that was broken off does not count. */
    private static boolean isInstalled(Path directory) throws IOException {
        Path written = directory.resolve("node_modules/.package-lock.json");
        Path wanted = directory.resolve("package-lock.json");
        return Files.exists(written)
                && Files.getLastModifiedTime(written).compareTo(Files.getLastModifiedTime(wanted)) >= 0;
    }

    private static void install(Path directory) throws IOException {
        Path output = Files.createTempFile("npm-ci", ".log");
        Process npm = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("npm ci still runs after " + INSTALL_SECONDS + " s");
            }
            if (npm.exitValue() != 0) {
                throw new IllegalStateException("npm ci failed in " + directory + ":\n" + Files.readString(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while npm ci ran", e);
        } finally {
            npm.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }
}
