package org.aliasrpc.spring.autoconfigure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.aliasrpc.crypto.KeyPair;
import org.aliasrpc.crypto.SecretBytes;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The file that holds a key pair's seed: one line of 64 hexadecimal digits. Only its owner may read it, where the file
 * system knows owners.
 */
final class KeyPairFile {
    static final String PROPERTY = "alias-rpc.key-pair.location";

    private static final int MAX_BYTES = 1024;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<PosixFilePermission> ALLOWED = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final String location;
    private final Path path;

    /**
     * @param location value of {@code alias-rpc.key-pair.location}
     */
    KeyPairFile(String location) {
        this.location = location;
        try {
            this.path = Path.of(location).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new InvalidConfigurationPropertyValueException(
                    PROPERTY, location, "It is not the name of a file.", e);
        }
    }

    /**
     * Reads the file, or makes it.
     *
     * @param random for the seed of a new file; asked only if there is none
     * @return the seed, closed by the caller
     */
    SecretBytes loadOrCreate(Supplier<? extends RandomGenerator> random) {
        try {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                create(random.get());
            }
            return load();
        } catch (IOException e) {
            throw new InvalidConfigurationPropertyValueException(
                    PROPERTY,
                    location,
                    "The file can neither be read nor made: " + e.getClass().getSimpleName() + ".",
                    e);
        }
    }

    private SecretBytes load() throws IOException {
        if (posix(path) && !ALLOWED.containsAll(Files.getPosixFilePermissions(path))) {
            throw new InvalidConfigurationPropertyValueException(
                    PROPERTY, location, "Others than the file's owner may read it: chmod 600 it, or change the key.");
        }
        if (Files.size(path) > MAX_BYTES) {
            throw damaged();
        }
        String text = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).strip();
        try {
            return SecretBytes.parse(text, PROPERTY);
        } catch (IllegalArgumentException e) {
            throw damaged(); // without a cause made from the content
        }
    }

    private InvalidConfigurationPropertyValueException damaged() {
        return new InvalidConfigurationPropertyValueException(
                PROPERTY,
                location,
                "The file is damaged: it must hold 64 hexadecimal digits or 52 characters of z-base-32 and nothing else.");
    }

    /** Complete before it has its name, so that a crash leaves no half of a seed behind. */
    private void create(RandomGenerator random) throws IOException {
        Path directory = path.getParent();
        if (directory == null) {
            throw new IOException("a root directory");
        }
        Files.createDirectories(directory);
        FileAttribute<?>[] attributes = posix(directory)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        Path draft = Files.createTempFile(directory, path.getFileName() + ".", ".new", attributes);
        byte[] seed = new byte[KeyPair.SEED_LENGTH];
        random.nextBytes(seed);
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                String line = HexFormat.of().formatHex(seed) + "\n";
                ByteBuffer content = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
            name(draft);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster; its seed is as good.
        } finally {
            Arrays.fill(seed, (byte) 0);
            Files.deleteIfExists(draft);
        }
    }

    /** A move looks first and replaces then: between the two another process may have named its own, and used it. */
    private void name(Path draft) throws IOException {
        try {
            Files.createLink(path, draft);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(draft, path); // a file system without links
        }
    }

    private static boolean posix(Path file) throws IOException {
        FileStore store = Files.getFileStore(file);
        return store.supportsFileAttributeView("posix");
    }
}
