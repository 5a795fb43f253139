/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import io.bascule.itests.support.Eventually;
import io.bascule.itests.support.Folders;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** HiveMQ CE in a JVM of its own. */
public final class HiveMqProcess implements Peer {
    private static final Duration TO_START = Duration.ofSeconds(60);

    private final int port;
    private final Path folder;
    private final ChildProcess process;

    private HiveMqProcess(int port, Path folder) {
        this.port = port;
        this.folder = folder;
        Path built = Path.of(System.getProperty("hivemq"));
        this.process = ChildProcess.start(
                "HiveMQ",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        built.resolve("classes") + File.pathSeparator + built.resolve("lib") + File.separator + "*",
                        "io.bascule.itests.hivemq.HiveMqMain",
                        String.valueOf(port),
                        folder.toString()));
    }

    /** Starts it and waits until it accepts connections. */
    public static HiveMqProcess start() {
        HiveMqProcess hiveMq = new HiveMqProcess(Ports.free(), Folders.create("hivemq"));
        Eventually.eventually(TO_START, "HiveMQ listens on " + hiveMq.port, () -> {
            if (!hiveMq.process.isAlive()) {
                throw new IllegalStateException(hiveMq.process.explain());
            }
            return hiveMq.process.lines().contains("started");
        });
        return hiveMq;
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
        return "HiveMQ CE";
    }
}
