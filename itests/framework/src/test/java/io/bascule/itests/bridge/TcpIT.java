/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;

import io.bascule.api.BridgeStatus;
import io.bascule.api.BridgeStatus.State;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Peer;
import io.bascule.itests.peers.StubbornRemote;
import io.bascule.itests.peers.StubbornRemote.Manner;
import io.bascule.itests.support.InFramework;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Test;

/** What bridges ask of TCP, as Linux does it. */
public class TcpIT extends InFramework {
    private static final Duration LONGER_THAN_THE_TIMEOUT = Duration.ofSeconds(20);
    /** More than all buffers between two sockets hold: what is left waits for the other end to read. */
    private static final int MESSAGES = 200;

    private static final int SIZE = 64 * 1024;
    private static final String KEEPALIVE_TIMER = "02";
    private static final String NO_TIMER = "00";
    private static final int TICKS_PER_SECOND = 100;

    private static Map<String, String> bridgeTo(Peer remote, String key, String value) {
        Map<String, String> properties = BridgeContract.bridgeTo(remote, Version.MQTT_5);
        properties.remove("subscribe.in");
        properties.put(key, value);
        return properties;
    }

    private static void assume(String what, boolean there) {
        if (!there) {
            System.err.println("not looked at: " + what);
        }
        assumeTrue(what, there);
    }

    /** The other end acknowledges what it is asked, and takes no byte: its window is shut, which the user timeout counts as well. */
    @Test(timeout = 120_000)
    public void leavesARemoteBrokerThatTakesNoBytesAfterTheUserTimeout() throws Exception {
        assume(
                "the user timeout, since the transport is not epoll",
                transport.info().kind().equals("epoll"));
        List<String> arrived = new CopyOnWriteArrayList<>();
        int local = openListener("local");
        try (StubbornRemote deaf = new StubbornRemote(Manner.READS_NO_MORE);
                StubbornRemote control = new StubbornRemote(Manner.READS_NO_MORE);
                MosquittoProcess mosquitto = MosquittoProcess.start();
                Client far = Client.connect(
                        ConnectOptions.of(Version.MQTT_5, mosquitto.port(), "far"),
                        message -> arrived.add(number(message.text())));
                Client near = Client.connect(Version.MQTT_5, local, "near")) {
            far.subscribe("there/#", 1);
            Map<String, String> impatient = bridgeTo(deaf, "tcp.user.timeout", "2s");
            impatient.putAll(Map.of("reconnect.min", "1h", "reconnect.max", "1h"));
            configureBridge("b", impatient);
            configureBridge("control", bridgeTo(control, "tcp.user.timeout", "1h"));
            awaitConnected("b");
            awaitConnected("control");
            for (int i = 0; i < MESSAGES; i++) {
                near.publish("out/x", 1, i + ";" + "x".repeat(SIZE));
            }

            eventually(
                    LONGER_THAN_THE_TIMEOUT,
                    () -> assertThat(bridge("b")).hasValueSatisfying(status -> {
                        assertThat(status.state()).isEqualTo(State.BACKOFF);
                        assertThat(status.lastError())
                                .hasValueSatisfying(why -> assertThat(why).contains("timed out"));
                    }));
            assertThat(bridge("control").flatMap(BridgeStatus::lastError).orElse(""))
                    .doesNotContain("timed out");

            configureBridge(
                    "b", bridgeTo(mosquitto, "tcp.user.timeout", "1h")); // exactly once is what is asked for below
            eventually(() -> assertThat(arrived)
                    .containsExactlyElementsOf(IntStream.range(0, MESSAGES)
                            .mapToObj(String::valueOf)
                            .toList()));
            balances("b");
        }
    }

    private static String number(String text) {
        return text.substring(0, text.indexOf(';'));
    }

    /** Nobody can be kept from answering here: that the kernel will ask, and when, stands in its list of connections. */
    @Test(timeout = 60_000)
    public void hasTcpAskWhetherTheOtherEndIsThere() throws Exception {
        assume("keepalive, since there is no /proc/net/tcp", Files.exists(Path.of("/proc/net/tcp")));
        try (MosquittoProcess mosquitto = MosquittoProcess.start()) {
            Map<String, String> asking = bridgeTo(mosquitto, "tcp.keepalive", "40s");
            asking.put("bind.address", "127.0.0.42");
            configureBridge("b", asking);
            configureBridge("control", bridgeTo(mosquitto, "bind.address", "127.0.0.43"));
            awaitConnected("b");
            awaitConnected("control");

            eventually(() -> {
                Timer timer = timerOf("127.0.0.42", mosquitto.port());
                assertThat(timer.kind()).isEqualTo(KEEPALIVE_TIMER);
                assertThat(timer.ticks()).isBetween(20 * TICKS_PER_SECOND, 40 * TICKS_PER_SECOND);
            });
            eventually(() ->
                    assertThat(timerOf("127.0.0.43", mosquitto.port()).kind()).isEqualTo(NO_TIMER));
        }
    }

    /** Of a connection. */
    private record Timer(String kind, int ticks) {}

    /** As in proc_net_tcp of Linux's documentation; addresses are numbers of this machine, with those of IPv4 at the end of those of IPv6. */
    private static Timer timerOf(String from, int port) throws IOException {
        StringBuilder address = new StringBuilder();
        for (String part : from.split("[.]")) {
            address.insert(0, "%02X".formatted(Integer.parseInt(part)));
        }
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try (Stream<String> lines = Files.lines(Path.of(file))) {
                for (String line : lines.toList()) {
                    String[] fields = line.strip().split(" +");
                    String near = fields[1];
                    if (near.substring(0, near.length() - 5).endsWith(address.toString())
                            && fields[2].endsWith(":%04X".formatted(port))) {
                        String[] timer = fields[5].split(":");
                        return new Timer(timer[0], Integer.parseInt(timer[1], 16));
                    }
                }
            }
        }
        throw new AssertionError("no connection from " + from + " to " + port);
    }
}
