/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import io.bascule.itests.support.Eventually;
import io.bascule.itests.support.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Debian's Mosquitto, with a configuration and a folder of its own. */
public final class MosquittoProcess implements Peer {
    private static final Duration TO_START = Duration.ofSeconds(30);
    /** To write its sessions. */
    private static final long TO_STOP_SECONDS = 30;

    private final int port;
    private final Path folder;
    private final Path configuration;
    private ChildProcess process;

    private MosquittoProcess(int port, Path folder) {
        this.port = port;
        this.folder = folder;
        this.configuration = folder.resolve("mosquitto.conf");
    }

    /**
     * Starts it and waits until it accepts connections.
     *
     * @param lines further ones of its configuration
     */
    public static MosquittoProcess start(String... lines) {
        MosquittoProcess mosquitto = new MosquittoProcess(Ports.free(), Folders.create("mosquitto"));
        try {
            Files.writeString(mosquitto.configuration, mosquitto.configuration() + String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        mosquitto.startAgain();
        return mosquitto;
    }

    /** Queues are as long as a test is (2.0.11 gets stuck where they are unlimited); sessions survive {@link #stop()} on disk. */
    private String configuration() {
        return """
                listener %d 127.0.0.1
                allow_anonymous true
                user root
                persistence true
                persistence_location %s/
                max_queued_messages 1000000
                connection_messages false
                set_tcp_nodelay true
                """.formatted(port, folder);
    }

    /** Starts it after {@link #stop()} or {@link #kill()}, on the same port. */
    public void startAgain() {
        process = ChildProcess.start("mosquitto", List.of(Programs.find("mosquitto"), "-c", configuration.toString()));
        Eventually.eventually(TO_START, "mosquitto listens on " + port, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(process.explain());
            }
            return Ports.answers(port);
        });
    }

    /** Ends it in an orderly way; {@link #startAgain()} finds its sessions. */
    public void stop() {
        process.close(TO_STOP_SECONDS);
    }

    /** Ends it without a word; what it had not written is lost. */
    public void kill() {
        process.kill();
    }

    /** What it has logged since it was started last; {@code log_type all} among its lines has it log every packet. */
    public List<String> log() {
        return process.lines();
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
        return "Mosquitto";
    }
}
