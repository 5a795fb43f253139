/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Another process with the log of a folder: it prints {@code open}, and then every sequence that it has acknowledged. */
final class Child implements AutoCloseable {
    private static final int IN_FLIGHT = 100;
    private static final LogSettings SETTINGS = new LogSettings(Durability.FSYNC, 64 << 10, 1 << 20);

    private final Process process;
    private final BufferedReader output;

    /** One that keeps to it, or one that prints a sequence before it is acknowledged. */
    Child(Path folder, boolean hasty) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        folder.toString(),
                        Boolean.toString(hasty))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader();
    }

    static SegmentedLog open(Path folder, Replay replay) throws IOException {
        return SegmentedLog.open(DiskFolder.open(folder), SETTINGS, replay, new Noted());
    }

    /** A record that tells its own sequence, and is not always as long. */
    static ByteBuffer payload(long sequence) {
        return ByteBuffer.allocate(8 + (int) (sequence % 300)).putLong(0, sequence);
    }

    long pid() {
        return process.pid();
    }

    /** The next line, or null when the process has ended. A line that has no end is none. */
    String line() throws IOException {
        String line = output.readLine();
        return line == null || line.endsWith(".") ? line : null;
    }

    /** As kill -9 does. */
    void kill() {
        process.toHandle().destroyForcibly(); // which leaves what it has printed
    }

    @Override
    public void close() {
        kill();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }

    public static void main(String[] args) throws IOException {
        long[] next = {1};
        boolean hasty = Boolean.parseBoolean(args[1]);
        try {
            SegmentedLog log = open(Path.of(args[0]), (sequence, type, payload) -> next[0] = sequence + 1);
            System.out.println("open.");
            for (int i = 0; i < IN_FLIGHT; i++) {
                append(log, next, hasty);
            }
        } catch (IOException e) {
            System.out.println(e.getMessage() + ".");
        }
        System.in.read(); // for ever: it is killed, or its parent ends
    }

    private static synchronized void append(SegmentedLog log, long[] next, boolean hasty) {
        long sequence = log.append((byte) 1, payload(next[0]++));
        if (hasty) {
            System.out.println(sequence + ".");
        }
        log.whenDurable(sequence, () -> {
            if (!hasty) {
                System.out.println(sequence + ".");
            }
            append(log, next, hasty);
        });
    }
}
