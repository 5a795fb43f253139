/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.start;

import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Folders;
import io.bascule.benchmarks.support.Load;
import io.bascule.benchmarks.support.Options;
import io.bascule.benchmarks.support.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * How long the launcher's jar takes from its command to the CONNACK of a client that comes at once, what it takes of the processor for
 * that, and of the machine's memory when it has nothing to do; and the same of the Karaf distribution, of its first start and of later ones, where its folder is given.
 *
 * <pre>
 * java -cp benchmarks/target/benchmarks.jar io.bascule.benchmarks.start.Start \
 *     bundles/launcher/target/io.bascule.launcher-0.1.0-SNAPSHOT.jar [key=value ...]
 * </pre>
 *
 * Keys: {@code times=10}, of which the table has the medians; {@code pin=false}, or {@code true} for the broker on one processor alone;
 * {@code rest=30} seconds, after the last start, before its memory is read; {@code jvm=} options for the launcher's JVM, separated by
 * spaces; {@code karaf=} the distribution's folder, which is copied and not touched. A minute, and two more for Karaf.
 */
public final class Start {
    private final Options options;
    private final Cores cores;

    private Start(Options options, Cores cores) {
        this.options = options;
        this.cores = cores;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(List.of("times=10", "pin=false", "rest=30", "jvm=", "karaf="), arguments);
        String before = Load.now();
        Start start = new Start(options, Cores.divide(options.flag("pin")));
        System.out.println("load average " + before + "; " + start.cores.description());
        System.out.println("| what | start to CONNACK, s | fastest to slowest | processor, s | idle RSS, MiB |"
                + "\n|---|---|---|---|---|");
        start.launcher(Path.of(arguments[0]));
        if (!options.text("karaf").isEmpty()) {
            start.karaf(Path.of(options.text("karaf")));
        }
        System.out.println("\n" + Load.account(before));
    }

    private void launcher(Path jar) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("start");
        InetSocketAddress address = Ports.free();
        listen(Files.createDirectory(folder.resolve("etc")), "main", address);
        List<String> command =
                command(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Stream.of(options.text("jvm").split(" "))
                .filter(option -> !option.isEmpty())
                .forEach(command::add);
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString(), "--no-console", "etc"));
        Program program = new Program("the launcher", folder, command, Map.of(), address);
        print("launcher " + options.text("jvm"), program, options.number("times"));
        Folders.delete(folder);
    }

    private void karaf(Path distribution) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("start");
        copy(distribution, folder);
        InetSocketAddress address = Ports.free();
        listen(folder.resolve("etc"), "default", address);
        Map<String, String> environment = Map.of("JAVA_HOME", System.getProperty("java.home"));
        Program program = new Program(
                "Karaf", folder, command(folder.resolve("bin/karaf").toString(), "daemon"), environment, address);
        print("Karaf, first start", program, 1);
        print("Karaf, later starts", program, options.number("times"));
        Folders.delete(folder);
    }

    private List<String> command(String... command) {
        List<String> all = new ArrayList<>(cores.brokerPrefix());
        all.addAll(List.of(command));
        return all;
    }

    private static void listen(Path etc, String listener, InetSocketAddress address) throws IOException {
        Files.writeString(
                etc.resolve("io.bascule.listener-" + listener + ".cfg"),
                "host = 127.0.0.1\nport = " + address.getPort() + "\n");
    }

    /** All but what its own runs have left. */
    private static void copy(Path distribution, Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(distribution)) {
            files = all.filter(file -> !file.startsWith(distribution.resolve("data")))
                    .toList();
        }
        for (Path file : files) {
            Path copy = folder.resolve(distribution.relativize(file));
            if (Files.isDirectory(file)) {
                Files.createDirectories(copy);
            } else {
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private void print(String what, Program program, int times) throws IOException, InterruptedException {
        List<Program.Figures> figures = new ArrayList<>();
        for (int i = 1; i <= times; i++) {
            figures.add(program.start(Duration.ofSeconds(i == times ? options.number("rest") : 0)));
        }
        List<Double> seconds = sorted(figures, Program.Figures::seconds);
        List<Double> cpuSeconds = sorted(figures, Program.Figures::cpuSeconds);
        System.out.printf(
                "| %s | %.2f | %.2f to %.2f | %.2f | %.0f |%n",
                what.strip(),
                seconds.get(times / 2),
                seconds.get(0),
                seconds.get(times - 1),
                cpuSeconds.get(times / 2),
                figures.get(times - 1).residentMiB());
    }

    private static List<Double> sorted(List<Program.Figures> figures, ToDoubleFunction<Program.Figures> figure) {
        return figures.stream().map(figure::applyAsDouble).sorted().toList();
    }
}
