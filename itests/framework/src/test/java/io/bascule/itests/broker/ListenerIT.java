/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.broker;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.ListenerStatus;
import io.bascule.api.ListenerStatus.State;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.support.InFramework;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Test;

/** Listeners come, move and go with their configurations, and no other listener feels it. */
public class ListenerIT extends InFramework {

    @Test(timeout = 60_000)
    public void opensWhenItIsConfiguredAndClosesWhenThatIsDeleted() throws IOException {
        int port = openListener("a");
        Client client = Client.connect(Version.MQTT_5, port, "client");
        assertThat(listener("a").orElseThrow().connections()).isEqualTo(1);

        deleteListener("a");

        eventually(() -> assertThat(listener("a")).isEmpty());
        eventually(() -> assertThat(client.isConnected()).isFalse());
        eventually("nobody answers any more", () -> !Ports.answers(port));
    }

    @Test(timeout = 60_000)
    public void movesWhenItsPortIsEdited() throws IOException {
        int before = openListener("a");
        int after = Ports.free();

        configureListener("a", Map.of("host", "127.0.0.1", "port", String.valueOf(after)));

        eventually(() -> assertThat(listener("a")
                        .filter(status -> status.state() == State.OPEN)
                        .map(ListenerStatus::port))
                .hasValue(after));
        eventually("nobody answers on the old port", () -> !Ports.answers(before));
        Client.connect(Version.MQTT_3_1_1, after, "client").close();
    }

    @Test(timeout = 60_000)
    public void listensOnAUnixDomainSocket() throws IOException {
        Path folder = Files.createTempDirectory("bascule"); // the build's own may be too deep for a socket
        Path path = folder.resolve("mqtt.sock");
        configureListener("a", Map.of("socket", path.toString()));
        awaitOpen("a");
        assertThat(console("mqtt:listeners")).contains(path.toString());

        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            client.write(ByteBuffer.wrap(new byte[] {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 1, 'c'}));
            assertThat(Channels.newInputStream(client).readNBytes(4)).containsExactly(0x20, 2, 0, 0);
        }

        deleteListener("a");
        eventually(() -> assertThat(path).doesNotExist());
        Files.delete(folder);
    }

    @Test(timeout = 60_000)
    public void disturbsNoOtherListener() throws IOException {
        int steady = openListener("steady");
        List<String> received = new CopyOnWriteArrayList<>();
        try (Client client = Client.connect(
                ConnectOptions.of(Version.MQTT_5, steady, "steady"), message -> received.add(message.text()))) {
            client.subscribe("t", 1);
            for (int i = 0; i < 5; i++) {
                int port = openListener("moving");
                try (Client other = Client.connect(Version.MQTT_5, port, "other")) {
                    other.publish("t", 1, "moved " + i);
                }
                deleteListener("moving");
                eventually("it is gone", () -> listener("moving").isEmpty()); // or it would be taken for the next
                client.publish("t", 1, "steady " + i);
            }
            eventually(() -> assertThat(received).hasSize(10));
            assertThat(client.isConnected()).isTrue();
            assertThat(listener("steady").orElseThrow().connections()).isEqualTo(1);
        }
    }

    @Test(timeout = 60_000)
    public void triesAgainWhileItsPortIsTaken() throws IOException {
        int port = Ports.free();
        try (ServerSocket taken = Ports.occupy(port)) {
            configureListener("a", Map.of("host", "127.0.0.1", "port", String.valueOf(taken.getLocalPort())));
            eventually(() -> assertThat(listener("a")).hasValueSatisfying(status -> {
                assertThat(status.state()).isEqualTo(State.RETRYING);
                assertThat(status.reason())
                        .hasValueSatisfying(reason -> assertThat(reason).contains(String.valueOf(port)));
            }));
        }

        assertThat(awaitOpen("a")).isEqualTo(port);
        assertThat(listener("a").flatMap(ListenerStatus::reason)).isEmpty();
        Client.connect(Version.MQTT_5, port, "client").close();
    }

    @Test(timeout = 60_000)
    public void staysShutOnAConfigurationThatIsNotValidUntilThatIsMended() throws IOException {
        configureListener("a", Map.of("host", "127.0.0.1", "prot", "1883"));
        eventually(() -> assertThat(listener("a")).hasValueSatisfying(status -> {
            assertThat(status.state()).isEqualTo(State.CONFIG_INVALID);
            assertThat(status.reason())
                    .hasValueSatisfying(
                            reason -> assertThat(reason).contains("prot").contains("port"));
        }));

        openListener("a");
    }

    @Test(timeout = 60_000)
    public void staysShutBeyondLoopbackUnlessAnonymousClientsAreAllowed() throws IOException {
        configureListener("a", Map.of("host", "0.0.0.0", "port", "0"));

        eventually(() -> assertThat(listener("a"))
                .hasValueSatisfying(status -> assertThat(status.state()).isEqualTo(State.CONFIG_INVALID)));
    }
}
