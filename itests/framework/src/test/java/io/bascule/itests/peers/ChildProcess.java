/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process whose output is kept, and which is gone when it is closed or when this JVM ends. */
public final class ChildProcess implements AutoCloseable {
    private static final long GRACE_SECONDS = 2;
    /** What is printed and on its way takes its time on a machine that has other things to do. */
    private static final long TO_READ_SECONDS = 30;

    private final String name;
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private final Thread killer;

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.reader = new Thread(this::read, "output of " + name);
        this.killer = new Thread(process::destroyForcibly, "end of " + name);
    }

    /** Starts a program; standard error goes where standard output does. */
    public static ChildProcess start(String name, List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            ChildProcess child = new ChildProcess(name, process);
            Runtime.getRuntime().addShutdownHook(child.killer);
            child.reader.setDaemon(true);
            child.reader.start();
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            synchronized (lines) {
                lines.add("(" + e.getMessage() + ")");
            }
        }
    }

    /** What it has printed so far. */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What there is to say about it when it is not as it should be. */
    public String explain() {
        return name + (isAlive() ? " runs: " : " has ended with " + process.exitValue() + ": ") + lines();
    }

    /** Waits until it has ended by itself and all of its output is read, and tells how it ended. */
    public int await(long seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError("after " + seconds + " s " + explain());
            }
            reader.join(TimeUnit.SECONDS.toMillis(TO_READ_SECONDS));
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends it as an operator would, and by force when that takes too long. */
    @Override
    public void close() {
        close(GRACE_SECONDS);
    }

    /** Ends it as an operator would, and waits until it has done what it has to do before; by force after so many seconds. */
    public void close(long graceSeconds) {
        process.destroy();
        try {
            if (!process.waitFor(graceSeconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            reader.join(TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(killer);
    }

    /** Ends it without a word to anybody, as a power cut does. */
    public void kill() {
        process.destroyForcibly();
        close();
    }

    @Override
    public String toString() {
        return name + (isAlive() ? "" : " (ended)");
    }
}
