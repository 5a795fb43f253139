/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import static io.bascule.itests.karaf.Waiting.eventually;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.bascule.itests.karaf.Sockets.Opened;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The archive unpacked and started by its own script, in a process of its own. */
public class DistributionIT {
    private static final Duration TO_START = Duration.ofSeconds(90);
    private static final long TO_STOP_SECONDS = 90;

    private Path home;
    private int port;
    private Process process;

    @Before
    public void unpack() throws Exception {
        home = Files.createTempDirectory(Files.createDirectories(Path.of(System.getProperty("work"))), "karaf-");
        run("tar", "-xzf", System.getProperty("karaf.distribution"), "-C", home.toString(), "--strip-components=1");
        port = Sockets.freePort();
        Path listener = home.resolve("etc/io.bascule.listener-default.cfg");
        Files.writeString(listener, Files.readString(listener).replace("port = 1883", "port = " + port));
    }

    @After
    public void end() throws InterruptedException {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    @Test(timeout = 180_000)
    public void opensNoPortBesidesTheListenersAndStops() throws Exception {
        Set<Opened> listed = new HashSet<>(Set.of(tcp("127.0.0.1", port)));
        for (Map.Entry<String, String> other :
                Map.of("other", "127.0.0.2", "six", "::1").entrySet()) {
            int free = Sockets.freePort();
            listener(other.getKey(), "host = " + other.getValue(), "port = " + free);
            listed.add(tcp(other.getValue(), free));
        }
        listener("anonymous", "host = 0.0.0.0", "port = " + Sockets.freePort()); // shut, since nobody may come in
        long start = System.nanoTime();
        process = script("karaf", "server").start();
        eventually(TO_START, "the listener answers; see " + home.resolve("data/log"), () -> Mqtt.answers(port));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        System.out.println("Karaf distribution: " + millis + " ms from start to the first CONNACK");

        if (Files.exists(Path.of("/proc/self/net/tcp"))) {
            eventually(
                    TO_START,
                    "all listeners are open",
                    () -> Sockets.opened(java().pid()).containsAll(listed));
            assertEquals(listed, Sockets.opened(java().pid()));
        }

        Process stop = script("stop").start();
        assertTrue("bin/stop has ended", stop.waitFor(TO_STOP_SECONDS, TimeUnit.SECONDS));
        assertTrue("Karaf has ended", process.waitFor(TO_STOP_SECONDS, TimeUnit.SECONDS));
    }

    private static Opened tcp(String host, int port) throws IOException {
        return new Opened("tcp", InetAddress.getByName(host), port);
    }

    private void listener(String name, String... lines) throws IOException {
        Files.write(home.resolve("etc/io.bascule.listener-" + name + ".cfg"), List.of(lines));
    }

    /** As a service manager runs it. */
    @Test(timeout = 180_000)
    public void endsInOrderWhenItIsTerminated() throws Exception {
        process = script("karaf", "daemon").start();
        eventually(TO_START, "the listener answers; see " + home.resolve("data/log"), () -> Mqtt.answers(port));

        process.destroy();

        assertTrue("Karaf has ended", process.waitFor(TO_STOP_SECONDS, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
    }

    @Test
    public void hasNoUserAndNoHotDeployFolder() throws IOException {
        List<String> users = Files.readAllLines(home.resolve("etc/users.properties")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.startsWith("_g_"))
                .toList();
        assertEquals(List.of(), users);
        assertFalse(Files.exists(home.resolve("deploy")));
        assertFalse(Files.exists(home.resolve("etc/org.apache.felix.fileinstall-deploy.cfg")));
    }

    /** {@code karaf} and {@code stop} run Java as their child or in their own place. */
    private ProcessHandle java() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .filter(handle -> handle.info().command().orElse("").endsWith("java"))
                .findAny()
                .orElseThrow();
    }

    private ProcessBuilder script(String name, String... arguments) {
        List<String> command = Stream.concat(
                        Stream.of(home.resolve("bin").resolve(name).toString()), Stream.of(arguments))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(name + ".out").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertEquals(String.join(" ", command), 0, process.waitFor());
    }
}
