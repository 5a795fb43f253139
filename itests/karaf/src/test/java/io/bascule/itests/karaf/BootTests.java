/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import static io.bascule.itests.karaf.Waiting.eventually;
import static org.hamcrest.CoreMatchers.is;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** What the distribution starts, and what it does not. */
public class BootTests extends InKaraf {
    private static final int TIMEOUT_MILLIS = 10_000;
    /** The greeting of Java RMI's wire protocol, and its answer. */
    private static final int RMI_MAGIC = 0x4a524d49;

    private static final int RMI_VERSION = 2;
    private static final int RMI_STREAM = 0x4b;
    private static final int RMI_ACKNOWLEDGE = 0x4e;

    @Test(timeout = 60_000)
    public void startsEveryBundleOfOurs() {
        Set<String> active = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .map(Bundle::getSymbolicName)
                .filter(name -> name.startsWith("io.bascule."))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(
                new TreeSet<>(Set.of(
                        "io.bascule.api",
                        "io.bascule.bridge",
                        "io.bascule.broker",
                        "io.bascule.security",
                        "io.bascule.shell",
                        "io.bascule.store",
                        "io.bascule.subscriptions",
                        "io.bascule.transport")),
                active);
    }

    @Test(timeout = 60_000)
    public void opensNoPortBesidesTheListenersAndTheTestsOwn() throws Exception {
        assumeTrue("/proc tells", Files.exists(Path.of("/proc/self/net/tcp")));

        Set<Integer> others = Sockets.listening(ProcessHandle.current().pid());

        assertTrue(others + " has " + port(), others.remove(port()));
        // Pax Exam talks to its bundle in here over RMI; Karaf's management, which talks RMI too, would open two more.
        assertEquals("ports of Pax Exam: " + others, 1, others.size());
        for (int port : others) {
            assertTrue("port " + port + " talks RMI", talksRmi(port));
        }
    }

    @Test(timeout = 60_000)
    public void watchesNoFolderButItsConfiguration() throws Exception {
        List<String> watchers = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("fileinstall-"))
                .toList();

        assertThat(watchers, is(List.of("fileinstall-" + Path.of(System.getProperty("karaf.etc")))));
    }

    @Test(timeout = 60_000)
    public void installsNothingFromDeploy() throws Exception {
        Path deploy = Files.createDirectories(Path.of(System.getProperty("karaf.base"), "deploy"));
        int bundles = context.getBundles().length;
        Files.writeString(deploy.resolve("feature.xml"), "<features name='x'/>");
        Files.createFile(deploy.resolve("a.jar"));

        // Whoever watches folders has looked once this counts.
        int port = Sockets.freePort();
        writeToEtc("io.bascule.listener-watched.cfg", "port = " + port + "\n");
        eventually(TO_NOTICE, "the listener answers", () -> Mqtt.answers(port));

        assertEquals(bundles, context.getBundles().length);
    }

    private static boolean talksRmi(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(RMI_MAGIC);
            out.writeShort(RMI_VERSION);
            out.writeByte(RMI_STREAM);
            return new DataInputStream(socket.getInputStream()).read() == RMI_ACKNOWLEDGE;
        }
    }
}
