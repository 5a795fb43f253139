/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Edits one bridge's file again and again under traffic in both directions, while another bridge and a hundred clients go on, and prints
 * what each of them felt.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.bridge.BridgeEdits \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * Keys: {@code edits=100}, {@code rate=1000} (messages/s each way), {@code qos=0,1,2} (the rate is shared among them),
 * {@code protocol=5.0}, {@code clients=100}, {@code pause=1000} (ms between edits, 0 for as fast as files are seen), {@code remote=port}
 * of a broker on loopback that runs already; without it Mosquitto is started.
 */
public final class BridgeEdits {
    private static final int STEADY_RATE = 10;
    private static final long WARM_UP_MILLIS = 8_000;
    private static final long BASELINE_MILLIS = 10_000;
    private static final long DRAIN_MILLIS = 60_000;

    private final Map<String, String> options;
    private final Path folder;
    private final int port;
    private final int remotePort;
    private final List<Process> processes = new ArrayList<>();
    private final List<Mqtt3AsyncClient> clients = new ArrayList<>();
    private final AtomicInteger disconnects = new AtomicInteger();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
    private volatile boolean ending;

    private BridgeEdits(Path launcher, Map<String, String> options) throws IOException {
        this.options = options;
        folder = Files.createTempDirectory("bridge-edits");
        port = freePort();
        String remote = options.get("remote");
        remotePort = remote != null ? Integer.parseInt(remote) : startMosquitto();
        Path etc = Files.createDirectories(folder.resolve("etc"));
        write(etc.resolve("io.bascule.listener-main.cfg"), "port = " + port + "\n");
        writeBridge("edited", 60);
        writeBridge("other", 60);
        start(
                "broker",
                List.of("java", "-Xmx512m", "-jar", launcher.toAbsolutePath().toString(), etc.toString()));
        awaitPort(port);
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new java.util.HashMap<>(Map.of(
                "edits", "100", "rate", "1000", "qos", "0,1,2", "protocol", "5.0", "clients", "100", "pause", "1000"));
        for (int i = 1; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            options.put(pair[0], pair[1]);
        }
        BridgeEdits run = new BridgeEdits(Path.of(arguments[0]), options);
        try {
            run.measure();
        } finally {
            run.stop();
        }
    }

    private void measure() throws Exception {
        List<Stream> edited = streams("edited", number("rate"));
        List<Stream> other = streams("other", number("rate") / 10);
        List<Stream> steady = steadyClients();
        schedule(edited, number("rate") / qosLevels().size());
        schedule(other, Math.max(1, number("rate") / 10 / qosLevels().size()));
        schedule(steady, STEADY_RATE);
        Thread.sleep(WARM_UP_MILLIS);
        forget(edited, other, steady);
        Thread.sleep(BASELINE_MILLIS);
        System.out.println("latency before the edits, p50 / p99 / max in ms:");
        latencies("edited bridge", edited);
        latencies("other bridge", other);
        latencies("clients", steady);
        forget(edited, other, steady);
        int disconnectsBefore = disconnects.get();
        long start = System.nanoTime();
        for (int i = 0; i < number("edits"); i++) {
            writeBridge("edited", 61 + i % 2);
            Thread.sleep(number("pause"));
        }
        System.out.printf("%d edits in %.0f s%n", number("edits"), (System.nanoTime() - start) / 1e9);
        System.out.println("latency during the edits:");
        latencies("edited bridge", edited);
        latencies("other bridge", other);
        latencies("clients", steady);
        int disconnected = disconnects.get() - disconnectsBefore;
        clock.shutdown();
        clock.awaitTermination(10, TimeUnit.SECONDS);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
        List<Stream> all = new ArrayList<>(edited);
        all.addAll(other);
        all.addAll(steady);
        while (!all.stream().allMatch(Stream::isSettled) && System.nanoTime() - deadline < 0) {
            Thread.sleep(50);
        }
        System.out.println(Stream.header());
        edited.forEach(stream -> System.out.println(stream.row()));
        other.forEach(stream -> System.out.println(stream.row()));
        System.out.printf(
                "%d steady clients: %d disconnects, %d messages lost%n",
                steady.size() * 2,
                disconnected,
                steady.stream().mapToLong(Stream::lost).sum());
    }

    private List<MqttQos> qosLevels() {
        return java.util.Arrays.stream(options.get("qos").split(","))
                .map(level -> MqttQos.fromCode(Integer.parseInt(level)))
                .toList();
    }

    private int number(String key) {
        return Integer.parseInt(options.get(key));
    }

    /** A stream for each direction and QoS of a bridge; a client of its own for each end, so that none waits for another. */
    private List<Stream> streams(String bridge, int rate) {
        List<Stream> streams = new ArrayList<>();
        for (MqttQos qos : qosLevels()) {
            int level = qos.getCode();
            Stream out = new Stream(bridge + " out", qos, bridge + "/up/" + level, client(port));
            out.subscribe(client(remotePort), "far/" + bridge + "/up/" + level);
            Stream in = new Stream(bridge + " in", qos, "far/" + bridge + "/down/" + level, client(remotePort));
            in.subscribe(client(port), bridge + "/down/" + level);
            streams.add(out);
            streams.add(in);
        }
        return streams;
    }

    private List<Stream> steadyClients() {
        List<Stream> steady = new ArrayList<>();
        for (int i = 0; i < number("clients") / 2; i++) {
            Stream stream = new Stream("client", MqttQos.AT_LEAST_ONCE, "steady/" + i, client(port));
            stream.subscribe(client(port), "steady/" + i);
            steady.add(stream);
        }
        return steady;
    }

    private void schedule(List<Stream> streams, int perSecond) {
        long period = TimeUnit.SECONDS.toNanos(1) / perSecond;
        int index = 0;
        for (Stream stream : streams) {
            clock.scheduleAtFixedRate(
                    stream::publishNext, period * index++ / streams.size(), period, TimeUnit.NANOSECONDS);
        }
    }

    @SafeVarargs
    private static void forget(List<Stream>... groups) {
        for (List<Stream> group : groups) {
            group.forEach(Stream::forgetLatencies);
        }
    }

    private static void latencies(String who, List<Stream> streams) {
        System.out.println("  " + who + ": "
                + String.join(
                        ", ", streams.stream().limit(6).map(Stream::latency).toList()));
    }

    private Mqtt3AsyncClient client(int toPort) {
        Mqtt3AsyncClient client = MqttClient.builder()
                .useMqttVersion3()
                .identifier("bench-" + clients.size())
                .serverHost("127.0.0.1")
                .serverPort(toPort)
                .addDisconnectedListener(context -> {
                    if (!ending) {
                        disconnects.incrementAndGet();
                    }
                })
                .buildAsync();
        client.connect().join();
        clients.add(client);
        return client;
    }

    private void writeBridge(String name, int keepAlive) throws IOException {
        String text = String.join(
                "\n",
                "server = mqtt://127.0.0.1:" + remotePort,
                "client.id = bridge-" + name,
                "protocol = " + options.get("protocol"),
                "keepalive = " + keepAlive + "s",
                "forward.up = " + name + "/up/# -> far/" + name + "/up/{#} qos=2",
                "subscribe.down = far/" + name + "/down/# -> " + name + "/down/{#} qos=2",
                "");
        write(folder.resolve("etc/io.bascule.bridge-" + name + ".cfg"), text);
    }

    private static void write(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        Files.writeString(temporary, text);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private int startMosquitto() throws IOException {
        int mosquittoPort = freePort();
        Path configuration = folder.resolve("mosquitto.conf");
        Files.writeString(
                configuration,
                "listener " + mosquittoPort + " 127.0.0.1\nallow_anonymous true\npersistence false\n"
                        + "max_inflight_messages 1000\nmax_queued_messages 0\n");
        start("mosquitto", List.of("mosquitto", "-c", configuration.toString()));
        awaitPort(mosquittoPort);
        return mosquittoPort;
    }

    private void start(String name, List<String> command) throws IOException {
        processes.add(new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(int awaited) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), awaited).close();
                return;
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
        }
    }

    private void stop() throws InterruptedException {
        ending = true;
        clock.shutdownNow();
        clients.forEach(Mqtt3AsyncClient::disconnect);
        for (Process process : processes) {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        System.out.println("logs in " + folder);
    }
}
