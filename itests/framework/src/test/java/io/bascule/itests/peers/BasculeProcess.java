/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import io.bascule.itests.support.Eventually;
import io.bascule.itests.support.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The launcher's jar, with an etc folder and a data folder of its own. */
public final class BasculeProcess implements Peer {
    private final int port;
    private final Path folder;
    private ChildProcess process;

    private BasculeProcess(int port, Path folder) {
        this.port = port;
        this.folder = folder;
    }

    /**
     * Writes its configuration, and starts nothing.
     *
     * @param files of its etc folder, content by name; it has a listener besides
     */
    public static BasculeProcess configure(Map<String, String> files) {
        BasculeProcess bascule = new BasculeProcess(Ports.free(), Folders.create("bascule"));
        try {
            Path etc = Files.createDirectory(bascule.folder.resolve("etc"));
            Files.writeString(etc.resolve("io.bascule.listener-main.cfg"), "port = " + bascule.port + "\n");
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(etc.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bascule;
    }

    /**
     * Starts it, and waits for nothing. A small heap and one compiler: it is to be there soon, not to be fast.
     *
     * @param options further ones of its JVM
     */
    public void launch(String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dbascule.transport=" + System.getProperty("bascule.transport", "")));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-jar",
                System.getProperty("launcher.jar"),
                "--no-console",
                "--data",
                folder.resolve("data").toString(),
                folder.resolve("etc").toString()));
        process = ChildProcess.start("bascule", command);
    }

    /** Waits until it accepts connections. */
    public void awaitListening(Duration limit) {
        Eventually.eventually(limit, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(process.explain());
            }
            if (!Ports.answers(port)) {
                throw new AssertionError(
                        "nobody listens on " + port + " after " + limit.toSeconds() + " s; " + process.explain());
            }
        });
    }

    /** Ends it without a word: {@code kill -9}. */
    public void kill() {
        process.kill();
    }

    /** Where its store is. */
    public Path store() {
        return folder.resolve("data").resolve("store");
    }

    /** What it has printed since it was last launched. */
    public List<String> output() {
        return process.lines();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        if (process != null) {
            process.kill();
        }
        Folders.delete(folder);
    }

    @Override
    public String toString() {
        return "Bascule";
    }
}
