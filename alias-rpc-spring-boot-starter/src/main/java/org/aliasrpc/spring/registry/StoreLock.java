package org.aliasrpc.spring.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that one process at a time holds, for as long as it uses another. It stays when it is let go of. */
final class StoreLock implements AutoCloseable {
    private final FileChannel channel;

    private StoreLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @param location what to protect
     * @throws StoreLockedException if another has it
     */
    static StoreLock acquire(Path location) throws IOException {
        Path file = location.resolveSibling(location.getFileName() + ".lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new StoreLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            // Somebody in this process has it.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new StoreLockedException(location);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
