/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd;

import io.bascule.benchmarks.odd.wire.Connect;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Version;
import io.bascule.benchmarks.odd.wire.Wire;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A broker in a process of its own, on a free port of loopback, with a folder of its own and the defaults that it comes with. */
final class Broker implements AutoCloseable {
    private static final long TO_START_MILLIS = 60_000;
    private static final long TO_END_SECONDS = 10;
    /** Ours, by its name in the report. */
    static final String BASCULE = "Bascule";

    private static final int STAGES = 4;
    private static final int FIRST = 1000;
    private static final Pattern VERSION_IN_NAME = Pattern.compile("-(\\d[^/]*)\\.jar");
    private static final Pattern VERSION_IN_HELP = Pattern.compile("mosquitto version (\\S+)");

    private final String name;
    private final String version;
    private final Launch launch;
    private final Path folder;
    private int port;
    private Process process;

    /** Writes what configuration it takes, and returns the command. */
    private interface Launch {
        List<String> command(int port, Path folder) throws IOException;
    }

    private Broker(String name, String version, Launch launch) {
        this.name = name;
        this.version = version;
        this.launch = launch;
        try {
            folder = Files.createTempDirectory("odd-" + name.replace(' ', '-'));
            start();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** Those of the three that are there: Bascule's launcher as built, Mosquitto as installed, HiveMQ CE as its module fetches it. */
    static List<Broker> start(Path root) throws IOException {
        return Stream.of(bascule(root), mosquitto(), hiveMq(root))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Broker> bascule(Path root) throws IOException {
        return jar(root.resolve("bundles/launcher/target"), "io.bascule.launcher-*.jar")
                .map(jar -> new Broker(BASCULE, versionIn(jar), (port, folder) -> {
                    Path etc = Files.createDirectories(folder.resolve("etc"));
                    Files.writeString(etc.resolve("io.bascule.listener-main.cfg"), "port = " + port + "\n");
                    return List.of(java(), "-Xmx256m", "-jar", jar.toString(), etc.toString());
                }));
    }

    private static Optional<Broker> mosquitto() throws IOException {
        Optional<Path> program = Stream.concat(
                        Stream.of(System.getenv("PATH").split(File.pathSeparator)),
                        Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(path -> Path.of(path, "mosquitto"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            return Optional.empty();
        }
        String path = program.get().toString();
        String help = new String(
                new ProcessBuilder(path, "-h")
                        .redirectErrorStream(true)
                        .start()
                        .getInputStream()
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        Matcher matcher = VERSION_IN_HELP.matcher(help);
        return Optional.of(new Broker("Mosquitto", matcher.find() ? matcher.group(1) : "?", (port, folder) -> {
            Path configuration = folder.resolve("mosquitto.conf");
            Files.writeString(
                    configuration, "listener " + port + " 127.0.0.1\nallow_anonymous true\npersistence false\n");
            return List.of(path, "-c", configuration.toString());
        }));
    }

    private static Optional<Broker> hiveMq(Path root) throws IOException {
        Path built = root.resolve("itests/hivemq/target").toAbsolutePath();
        return jar(built.resolve("lib"), "hivemq-community-edition-embedded-*.jar")
                .map(jar -> new Broker(
                        "HiveMQ CE",
                        versionIn(jar),
                        (port, folder) -> List.of(
                                java(),
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-cp",
                                built.resolve("classes") + File.pathSeparator + jar.resolveSibling("*"),
                                "io.bascule.itests.hivemq.HiveMqMain",
                                String.valueOf(port),
                                folder.toString())));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Optional<Path> jar(Path folder, String pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, pattern)) {
            for (Path jar : jars) {
                return Optional.of(jar.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    private static String versionIn(Path jar) {
        Matcher matcher = VERSION_IN_NAME.matcher(jar.getFileName().toString());
        return matcher.find() ? matcher.group(1) : "?";
    }

    private void start() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        process = new ProcessBuilder(launch.command(port, folder))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TO_START_MILLIS);
        while (!accepts()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IOException(name + " does not start; see " + folder);
            }
        }
    }

    private boolean accepts() {
        try (Wire wire = new Wire(Version.V3_1_1, port)) {
            wire.send(new Connect(Version.V3_1_1, new byte[] {'a'}).toArray());
            return wire.await(Packets.CONNACK, 1);
        } catch (IOException e) {
            return false;
        }
    }

    /** The name in the report. */
    String name() {
        return name;
    }

    /** The version in the report. */
    String version() {
        return version;
    }

    /** Plays sequences, several at a time, and returns the outcomes in the order of the sequences. */
    List<Outcome> play(List<Sequence> sequences) throws IOException, ExecutionException, InterruptedException {
        ExecutorService stages = Executors.newFixedThreadPool(STAGES);
        List<Outcome> outcomes = new ArrayList<>();
        try {
            List<Future<Outcome>> running = new ArrayList<>();
            for (int i = 0; i < sequences.size(); i++) {
                Sequence sequence = sequences.get(i);
                String prefix = "odd" + (FIRST + i);
                running.add(stages.submit(() -> play(new Stage(port, sequence.version(), prefix), sequence)));
            }
            for (Future<Outcome> outcome : running) {
                outcomes.add(outcome.get());
            }
        } finally {
            stages.shutdownNow();
        }
        return process.isAlive() ? outcomes : playAlone(sequences);
    }

    /** One at a time, so that it is known which one has ended the broker; it is started again after each that does. */
    private List<Outcome> playAlone(List<Sequence> sequences) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            if (!process.isAlive()) {
                start();
            }
            Sequence sequence = sequences.get(i);
            Outcome outcome = play(new Stage(port, sequence.version(), "alone" + (FIRST + i)), sequence);
            outcomes.add(
                    process.isAlive()
                            ? outcome
                            : new Outcome(Verdict.wrong("the process has ended"), "the broker ends"));
        }
        return outcomes;
    }

    private static Outcome play(Stage stage, Sequence sequence) {
        try (stage) {
            return judged(stage, sequence);
        }
    }

    /** The description is made while the connections are as the sequence has left them. */
    private static Outcome judged(Stage stage, Sequence sequence) {
        try {
            Verdict verdict = sequence.play().on(stage);
            return new Outcome(verdict, new Description(stage).toString());
        } catch (Exception e) {
            Verdict verdict = new Verdict(Verdict.Grade.UNPLAYED, String.valueOf(e.getMessage()));
            return new Outcome(verdict, new Description(stage) + " (" + e.getMessage() + ")");
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(TO_END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return name + " " + version + ", log in " + folder;
    }
}
