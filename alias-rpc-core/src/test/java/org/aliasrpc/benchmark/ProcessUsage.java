package org.aliasrpc.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel says about another process; Linux only. */
public final class ProcessUsage {
    /** The unit of {@code /proc/PID/stat}: USER_HZ, 100 on every Linux that runs Java. */
    private static final int MICROS_PER_TICK = 10_000;

    private static final int USER_TIME = 11; // fields after the command, proc(5)
    private static final int SYSTEM_TIME = 12;
    private static final Pattern COMPILER = Pattern.compile("^\\d+ \\(C[12] Compiler");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final long pid;

    public ProcessUsage(long pid) {
        this.pid = pid;
    }

    /** CPU time of all its threads so far, user and system. */
    public long cpuMicros() {
        return cpuMicros(read("stat"));
    }

    /** Of that, what the compilers of a HotSpot JVM have used: C1 and C2 have threads of their own. */
    public long compilerMicros() {
        long sum = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads.toList()) {
                String stat = readOfThread(thread);
                sum += COMPILER.matcher(stat).find() ? cpuMicros(stat) : 0;
            }
        } catch (IOException e) {
            throw new IllegalStateException("process " + pid + " is gone", e);
        }
        return sum;
    }

    /** Nothing of one that has ended meanwhile. */
    private static String readOfThread(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException e) {
            return "";
        }
    }

    private static long cpuMicros(String stat) {
        // The command stands in parentheses and may hold anything.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) * MICROS_PER_TICK;
    }

    /** Memory it holds now. */
    public long residentBytes() {
        Matcher resident = RESIDENT.matcher(read("status"));
        if (!resident.find()) {
            throw new IllegalStateException("process " + pid + " tells no memory");
        }
        return Long.parseLong(resident.group(1)) * 1024;
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new IllegalStateException("process " + pid + " is gone", e);
        }
    }
}
