/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A broker that is not ours, in a process of its own, on a free port of loopback; stopped and started again it has what it kept on disk. */
public final class Peer implements Server {
    private static final long TO_STOP_SECONDS = 30;

    private final String name;
    private final Path folder;
    private final InetSocketAddress address;
    private final List<String> command;
    private volatile Process process;

    private Peer(String name, Path folder, InetSocketAddress address, List<String> command) throws IOException {
        this.name = name;
        this.folder = folder;
        this.address = address;
        this.command = command;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
        start();
    }

    /**
     * Debian's Mosquitto.
     *
     * @param prefix in front of its command, such as {@code taskset}
     * @param more lines of configuration
     */
    public static Peer mosquitto(List<String> prefix, String more) throws IOException {
        Path program = Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(path -> Path.of(path, "mosquitto"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("there is no mosquitto: apt-get install mosquitto"));
        Path folder = Files.createTempDirectory("mosquitto");
        InetSocketAddress address = Ports.free();
        Path configuration = folder.resolve("mosquitto.conf");
        // 2.0.11 gets stuck where queues are unlimited, and holds clients to 20 messages in flight if nobody says
        // otherwise.
        Files.writeString(
                configuration,
                "listener " + address.getPort() + " 127.0.0.1\nallow_anonymous true\nuser root\npersistence true\n"
                        + "persistence_location " + folder + "/\nmax_inflight_messages 1000\n"
                        + "max_queued_messages 1000000\nset_tcp_nodelay true\n" + more);
        List<String> command = Stream.concat(
                        prefix.stream(), Stream.of(program.toString(), "-c", configuration.toString()))
                .toList();
        return new Peer("Mosquitto", folder, address, command);
    }

    /**
     * HiveMQ CE.
     *
     * @param prefix in front of its command
     * @param lib its class path, as {@code itests/hivemq} fetches it
     * @param queue messages that may wait in one session
     * @param receiveMaximum QoS 1 and 2 messages of one client that are not acknowledged
     * @param more elements of configuration
     */
    public static Peer hiveMq(List<String> prefix, Path lib, int queue, int receiveMaximum, String more)
            throws IOException {
        if (!Files.isDirectory(lib)) {
            throw new IOException("there is no HiveMQ CE in " + lib.toAbsolutePath()
                    + ": ./mvnw -q package -DskipTests -pl itests/hivemq -am");
        }
        Path folder = Files.createTempDirectory("hivemq");
        InetSocketAddress address = Ports.free();
        Files.writeString(Files.createDirectories(folder.resolve("conf")).resolve("config.xml"), """
                <?xml version="1.0" encoding="UTF-8"?>
                <hivemq>
                  <listeners>
                    <tcp-listener>
                      <port>%d</port>
                      <bind-address>127.0.0.1</bind-address>
                    </tcp-listener>
                  </listeners>
                  <mqtt>
                    <queued-messages>
                      <max-queue-size>%d</max-queue-size>
                    </queued-messages>
                    <receive-maximum>
                      <server-receive-maximum>%d</server-receive-maximum>
                    </receive-maximum>
                  </mqtt>
                  <anonymous-usage-statistics>
                    <enabled>false</enabled>
                  </anonymous-usage-statistics>
                  %s
                </hivemq>
                """.formatted(
                        address.getPort(), queue, receiveMaximum, more));
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                // Ours last: what they bring along, such as loggers, is not what HiveMQ wants.
                lib.toAbsolutePath() + "/*" + File.pathSeparator + ourClasses(),
                HiveMq.class.getName(),
                folder.toString()));
        return new Peer("HiveMQ CE", folder, address, command);
    }

    /**
     * Moquette, which keeps everything in memory and takes packets of up to 1 MiB.
     *
     * @param prefix in front of its command
     * @param lib its class path, as {@code itests/moquette} fetches it
     */
    public static Peer moquette(List<String> prefix, Path lib) throws IOException {
        if (!Files.isDirectory(lib)) {
            throw new IOException("there is no Moquette in " + lib.toAbsolutePath()
                    + ": ./mvnw -q package -DskipTests -pl itests/moquette -am");
        }
        Path folder = Files.createTempDirectory("moquette");
        InetSocketAddress address = Ports.free();
        // It tells its makers of itself if nobody says otherwise.
        Files.writeString(
                Files.createDirectories(folder.resolve("config")).resolve("moquette.conf"),
                "port " + address.getPort() + "\nhost 127.0.0.1\nallow_anonymous true\npersistence_enabled false\n"
                        + "telemetry_enabled false\nnetty.mqtt.message_size 1048576\n");
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dmoquette.path=" + folder,
                "-cp",
                lib.toAbsolutePath() + "/*",
                "io.moquette.broker.Server"));
        return new Peer("Moquette", folder, address, command);
    }

    private static Path ourClasses() {
        return Path.of(URI.create(
                Peer.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    @Override
    public void start() throws IOException {
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        try {
            Ports.await(address, process);
        } catch (IOException e) {
            process.destroyForcibly();
            throw new IOException(name + " does not listen; its log is in " + folder, e);
        }
    }

    @Override
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(TO_STOP_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }

    @Override
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public Vitals vitals() {
        return new Vitals(process.pid());
    }

    @Override
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return name + ", with its log in " + folder;
    }
}
