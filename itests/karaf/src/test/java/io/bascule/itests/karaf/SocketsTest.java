/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.bascule.itests.karaf.Sockets.Opened;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.Test;

public class SocketsTest {
    @Test
    public void areFoundOfEachProtocolAndAddress() throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/net/tcp")));
        InetAddress loopback = InetAddress.getByName("127.0.0.3");
        InetAddress six = InetAddress.getByName("::1");
        try (ServerSocket tcp = new ServerSocket(0, 1, loopback);
                ServerSocket tcpOfSix = new ServerSocket(0, 1, six);
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
            assertTrue(Sockets.opened(ProcessHandle.current().pid())
                    .containsAll(Set.of(
                            new Opened("tcp", loopback, tcp.getLocalPort()),
                            new Opened("tcp", six, tcpOfSix.getLocalPort()),
                            new Opened("udp", loopback, udp.getLocalPort()))));
        }
    }
}
