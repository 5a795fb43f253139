/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.BasculeProcess;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.support.Folders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Test;

/** Bridges to a host with several addresses, of which Mosquitto listens on one, and not on the first. Their process has a hosts file of its own. */
public class SeveralAddressesIT {
    private static final Duration TO_START = Duration.ofSeconds(60);
    private static final String IPV6_FIRST = "-Djava.net.preferIPv6Addresses=true";

    @Test(timeout = 120_000)
    public void comesToTheThirdWhereTwoRefuse() throws Exception {
        try (MosquittoProcess remote = MosquittoProcess.start()) {
            crosses("several.example", remote.port(), "127.0.0.1", remote);
        }
    }

    @Test(timeout = 120_000)
    public void comesToLocalhostOfIpv4WhereIpv6IsTheFirst() throws Exception {
        assumeIpv6();
        try (MosquittoProcess remote = MosquittoProcess.start()) {
            crosses("localhost", remote.port(), "127.0.0.1", remote, IPV6_FIRST);
        }
    }

    @Test(timeout = 120_000)
    public void comesToLocalhostOfIpv6WhereIpv4IsTheFirst() throws Exception {
        assumeIpv6();
        int port = Ports.free();
        try (MosquittoProcess remote = MosquittoProcess.start("listener " + port + " ::1")) {
            crosses("localhost", port, "[0:0:0:0:0:0:0:1]", remote);
        }
    }

    private static void assumeIpv6() throws IOException {
        boolean there = NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null;
        if (!there) {
            System.err.println("there is no IPv6 here: a host with addresses of both kinds is not tried");
        }
        assumeTrue("there is IPv6", there);
    }

    private static void crosses(String host, int port, String address, MosquittoProcess remote, String... options)
            throws IOException {
        Path hosts = Folders.create("hosts").resolve("hosts");
        Files.writeString(hosts, """
                127.0.0.2 several.example
                127.0.0.3 several.example
                127.0.0.1 several.example
                127.0.0.1 localhost
                ::1 localhost
                """);
        List<String> arrived = new CopyOnWriteArrayList<>();
        Map<String, String> standing = new ConcurrentHashMap<>();
        try (BasculeProcess bascule =
                BasculeProcess.configure(Map.of("io.bascule.bridge-b.cfg", """
                        server = mqtt://%s:%d
                        forward.out = out/# -> there/{#}
                        """.formatted(host, port)))) {
            bascule.launch(hosts(hosts, options));
            bascule.awaitListening(TO_START);
            try (Client far = Client.connect(
                            ConnectOptions.of(Version.MQTT_5, remote.port(), "far"),
                            message -> arrived.add(message.text()));
                    Client near = Client.connect(
                            ConnectOptions.of(Version.MQTT_5, bascule.port(), "near"),
                            message -> standing.put(message.topic(), message.text()))) {
                far.subscribe("there/#", 1);
                near.subscribe("$SYS/broker/bridge/b", 1);
                eventually(() -> assertThat(standing.get("$SYS/broker/bridge/b"))
                        .contains("\"state\":\"CONNECTED\"", "\"remoteAddress\":\"" + address + ":" + port + '"'));
                near.publish("out/x", 1, "hello");
                eventually(() -> assertThat(arrived).containsExactly("hello"));
            }
        } finally {
            Folders.delete(hosts.getParent());
        }
    }

    private static String[] hosts(Path file, String... options) {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = "-Djdk.net.hosts.file=" + file;
        return all;
    }
}
