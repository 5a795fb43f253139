/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import io.bascule.itests.support.Eventually;
import io.bascule.itests.support.Folders;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Moquette in a JVM of its own: a broker of MQTT 3.1.1, which says to a CONNECT of 5.0 that it does not take that. It keeps everything in memory. */
public final class MoquetteProcess implements Peer {
    private static final Duration TO_START = Duration.ofSeconds(60);

    private final int port;
    private final Path folder;
    private final ChildProcess process;

    private MoquetteProcess(int port) throws IOException {
        this.port = port;
        this.folder = Folders.create("moquette");
        // It tells its makers of itself if nobody says otherwise.
        Files.writeString(
                Files.createDirectory(folder.resolve("config")).resolve("moquette.conf"), """
                port %d
                host 127.0.0.1
                allow_anonymous true
                allow_zero_byte_client_id true
                persistence_enabled false
                telemetry_enabled false
                """.formatted(port));
        this.process = ChildProcess.start(
                "Moquette",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-Dmoquette.path=" + folder,
                        "-cp",
                        Path.of(System.getProperty("moquette")).resolve("lib") + File.separator + "*",
                        "io.moquette.broker.Server"));
    }

    /** Starts it on this port, and waits until it accepts connections. */
    public static MoquetteProcess start(int port) {
        try {
            MoquetteProcess moquette = new MoquetteProcess(port);
            Eventually.eventually(TO_START, "Moquette listens on " + port, () -> {
                if (!moquette.process.isAlive()) {
                    throw new IllegalStateException(moquette.process.explain());
                }
                return moquette.process.lines().stream().anyMatch(line -> line.startsWith("Server started"));
            });
            return moquette;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.close();
        Folders.delete(folder);
    }

    @Override
    public String toString() {
        return "Moquette";
    }
}
