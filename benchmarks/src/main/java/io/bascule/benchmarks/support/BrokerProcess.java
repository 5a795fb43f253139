/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The launcher's jar as a process of its own, on a free port of loopback, with its console to ask it how things stand. */
public final class BrokerProcess implements Server {
    /** The file of its listener. */
    public static final String LISTENER = "io.bascule.listener-main.cfg";

    private static final long TO_STOP_SECONDS = 10;

    private final Path etc;
    private final Path folder = Files.createTempDirectory("bascule-benchmark");
    private final InetSocketAddress address;
    private final List<String> command;
    private Process process;
    private BufferedReader console;
    private Writer commands;
    private int asked;

    /**
     * Starts it and waits until it listens.
     *
     * @param jvm options for its JVM, separated by spaces
     * @param configuration what {@code io.bascule.broker.cfg} says
     */
    public BrokerProcess(Path launcher, Cores cores, String jvm, String configuration) throws IOException {
        this(launcher, cores, jvm, Map.of("io.bascule.broker.cfg", configuration));
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param jvm options for its JVM, separated by spaces
     * @param configuration its files by name; what stands in that of its listener is in addition to the port
     */
    public BrokerProcess(Path launcher, Cores cores, String jvm, Map<String, String> configuration) throws IOException {
        address = Ports.free();
        etc = Files.createDirectories(folder.resolve("etc"));
        Map<String, String> files = new HashMap<>(configuration);
        files.merge(LISTENER, "port = " + address.getPort() + "\n", String::concat);
        for (Map.Entry<String, String> file : files.entrySet()) {
            write(file.getKey(), file.getValue());
        }
        command = new ArrayList<>(cores.brokerPrefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(jvm.split(" ")));
        command.addAll(List.of("-jar", launcher.toAbsolutePath().toString(), "--console", etc.toString()));
        start();
    }

    @Override
    public void start() throws IOException {
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("broker.log").toFile()))
                .start();
        console = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        try {
            Ports.await(address, process);
        } catch (IOException e) {
            process.destroyForcibly();
            throw new IOException("the broker does not listen; its log is in " + folder, e);
        }
    }

    /** Writes a configuration file as an operator should, under another name first; it is taken up within a second. */
    public void write(String file, String text) throws IOException {
        Path temporary = etc.resolve("." + file + ".tmp");
        Files.writeString(temporary, text);
        Files.move(temporary, etc.resolve(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes a configuration file. */
    public void delete(String file) throws IOException {
        Files.delete(etc.resolve(file));
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

    /** What its console answers to a command. */
    public String ask(String command) throws IOException {
        String end = "end-" + ++asked;
        // Apart in the command, so that an echo of it is not taken for the end.
        commands.write(command + "\necho end-\"\"" + asked + "\n");
        commands.flush();
        StringBuilder answer = new StringBuilder();
        for (String line = console.readLine(); line != null; line = console.readLine()) {
            if (line.endsWith(end)) {
                return answer.toString();
            }
            answer.append(line).append('\n');
        }
        throw new IOException("the console is closed; the broker's log is in " + folder);
    }

    /** The figure of this name in an answer as JSON, the first of them. */
    public static long figure(String json, String name) {
        Matcher matcher = Pattern.compile('"' + name + "\": (\\d+)").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return Long.parseLong(matcher.group(1));
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
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
