/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.broker;

import static io.bascule.itests.support.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.BareClient;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.peers.MosquittoSub;
import io.bascule.itests.statements.Statement;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.Ledger;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.Before;
import org.junit.Test;

/** What real clients rely on: Mosquitto's and HiveMQ's. Not the whole of the specification, but all of its everyday parts. */
public abstract class ClientsContract extends InFramework {
    private static final String[] WILL = {"--will-topic", "will", "--will-payload", "died", "--will-qos", "1"};
    /** Buffers that Netty's event loops keep for themselves come and go within this; a leak shows once a client. */
    private static final int CACHED_BUFFERS = 32;

    private final Version version;
    private int port;

    ClientsContract(Version version) {
        this.version = version;
    }

    @Before
    public void openListener() throws IOException {
        port = openListener("clients");
    }

    @Test(timeout = 60_000)
    @Statement(v311 = "MQTT-7.0.0-2")
    public void deliversEachQosBetweenMosquittosClients() {
        for (int qos = 0; qos <= 2; qos++) {
            try (MosquittoSub sub = MosquittoSub.start(port, version.mosquitto(), "sub", qos, "a/+/#")) {
                MosquittoPub.publish(port, version.mosquitto(), qos, "a/b/c", "hello");
                MosquittoSub.Received expected = new MosquittoSub.Received("a/b/c", qos, false, "hello");
                eventually(() -> assertThat(sub.received()).containsExactly(expected));
            }
        }
    }

    @Test(timeout = 60_000)
    public void deliversThousandsInOrderWithEachQos() {
        for (int qos = 0; qos <= 2; qos++) {
            Ledger ledger = new Ledger();
            try (Client sub = connect("sub-" + qos, message -> ledger.receive(Integer.parseInt(message.text())));
                    Client pub = connect("pub-" + qos)) {
                sub.subscribe("n/" + qos, qos);
                for (int i = 0; i < 3000; i++) {
                    pub.publish(
                            "n/" + qos,
                            qos,
                            false,
                            String.valueOf(ledger.send()).getBytes(UTF_8));
                }
                eventually(() ->
                        assertThat(ledger.books().lost()).as(ledger.toString()).isZero());
                assertThat(ledger.books().isExact()).as(ledger.toString()).isTrue();
            }
        }
    }

    @Test(timeout = 60_000)
    public void deliversWithTheLowerOfBothQos() {
        List<Integer> qos = new CopyOnWriteArrayList<>();
        try (Client sub = connect("sub", message -> qos.add(message.qos()));
                Client pub = connect("pub")) {
            sub.subscribe("a", 1);
            pub.publish("a", 0, "0");
            pub.publish("a", 1, "1");
            pub.publish("a", 2, "2");
            eventually(() -> assertThat(qos).containsExactly(0, 1, 1));
        }
    }

    @Test(timeout = 60_000)
    public void keepsTheLastRetainedMessageOfATopic() {
        MosquittoPub.publish(port, version.mosquitto(), 1, "r/a", "old", "-r");
        MosquittoPub.publish(port, version.mosquitto(), 1, "r/a", "new", "-r");
        MosquittoPub.publish(port, version.mosquitto(), 1, "r/b", "gone", "-r");
        MosquittoPub.publish(port, version.mosquitto(), 1, "r/b", "", "-r");
        try (MosquittoSub sub = MosquittoSub.start(port, version.mosquitto(), "sub", 1, "r/#")) {
            MosquittoPub.publish(port, version.mosquitto(), 1, "r/a", "live", "-r");
            eventually(() -> assertThat(sub.received())
                    .containsExactly(
                            new MosquittoSub.Received("r/a", 1, true, "new"),
                            new MosquittoSub.Received("r/a", 1, false, "live")));
        }
        MosquittoPub.publish(port, version.mosquitto(), 1, "r/a", "", "-r");
    }

    @Test(timeout = 60_000)
    public void publishesTheWillOfAClientThatIsCutOff() {
        try (MosquittoSub sub = MosquittoSub.start(port, version.mosquitto(), "sub", 1, "will")) {
            MosquittoSub.start(port, version.mosquitto(), "mortal", 1, "nothing", WILL)
                    .kill();
            eventually(() -> assertThat(sub.payloads()).containsExactly("died"));
        }
    }

    @Test(timeout = 60_000)
    public void dropsTheWillOfAClientThatDisconnects() {
        try (MosquittoSub sub = MosquittoSub.start(port, version.mosquitto(), "sub", 1, "will")) {
            MosquittoPub.publish(port, version.mosquitto(), 1, "will", "while it lives", WILL);
            MosquittoPub.publish(port, version.mosquitto(), 1, "will", "after");
            eventually(() -> assertThat(sub.payloads()).containsExactly("while it lives", "after"));
        }
    }

    @Test(timeout = 60_000)
    public void givesEachMessageToOneMemberOfASharedSubscription() {
        Ledger ledger = new Ledger();
        List<String> first = new CopyOnWriteArrayList<>();
        List<String> second = new CopyOnWriteArrayList<>();
        try (Client a = connect("a", message -> note(ledger, first, message));
                Client b = connect("b", message -> note(ledger, second, message));
                Client pub = connect("pub")) {
            a.subscribe("$share/group/work/#", 1);
            b.subscribe("$share/group/work/#", 1);
            for (int i = 0; i < 1000; i++) {
                pub.publish("work/x", 1, false, String.valueOf(ledger.send()).getBytes(UTF_8));
            }
            eventually(() -> assertThat(ledger.books().lost()).isZero());
            assertThat(ledger.books().duplicates()).isZero();
            assertThat(first).hasSizeGreaterThan(100);
            assertThat(second).hasSizeGreaterThan(100);
        }
    }

    private static void note(Ledger ledger, List<String> own, Received message) {
        ledger.receive(Integer.parseInt(message.text()));
        own.add(message.text());
    }

    @Test(timeout = 60_000)
    public void handsASessionOverToTheNewerConnection() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        Client older = Client.connect(
                ConnectOptions.of(version, port, "same").lastingSession(), message -> received.add("older"));
        older.subscribe("a", 1);
        try (Client newer = Client.connect(
                        ConnectOptions.of(version, port, "same").lastingSession(), message -> received.add("newer"));
                Client pub = connect("pub")) {
            eventually(() -> assertThat(older.isConnected()).isFalse());
            assertThat(newer.sessionPresent()).isTrue();
            pub.publish("a", 1, "hello");
            eventually(() -> assertThat(received).containsExactly("newer"));
        }
        endSession("same");
    }

    @Test(timeout = 60_000)
    public void keepsASessionAndItsMessagesWhileTheClientIsAway() {
        ConnectOptions options = ConnectOptions.of(version, port, "away").lastingSession();
        try (Client client = Client.connect(options, message -> {})) {
            assertThat(client.sessionPresent()).isFalse();
            client.subscribe("kept/#", 2);
        }
        Ledger ledger = new Ledger();
        try (Client pub = connect("pub")) {
            for (int i = 0; i < 500; i++) {
                pub.publish("kept/a", 1 + i % 2, String.valueOf(ledger.send()));
            }
        }
        try (Client client = Client.connect(options, message -> ledger.receive(Integer.parseInt(message.text())))) {
            assertThat(client.sessionPresent()).isTrue();
            eventually(() ->
                    assertThat(ledger.books().lost()).as(ledger.toString()).isZero());
            assertThat(ledger.books().isExact()).as(ledger.toString()).isTrue();
        }
        endSession("away");
    }

    @Test(timeout = 60_000)
    public void closesTheConnectionOfAClientThatIsSilentForLongerThanItsKeepAlive() throws IOException {
        ConnectOptions options = new ConnectOptions(version, port, "silent", false, 1);
        try (BareClient client = BareClient.connect(options)) {
            // One and a half times the Keep Alive [MQTT-3.1.2-22].
            assertThat(client.millisUntilClosed()).isBetween(1_300L, 4_000L);
        }
    }

    @Test(timeout = 300_000)
    public void leavesNoTraceOfClientsThatAreGone() {
        come(20);
        eventually(this::areGone);
        long buffers = transport.info().activeBuffers();

        come(200);

        eventually(this::areGone);
        eventually(() -> assertThat(transport.info().activeBuffers()).isLessThanOrEqualTo(buffers + CACHED_BUFFERS));
    }

    private void come(int clients) {
        for (int i = 0; i < clients; i++) {
            try (Client client = connect("passing-" + i)) {
                client.subscribe("a/" + i + "/#", 1);
                client.publish("a/" + i + "/b", 1, "x");
            }
        }
    }

    private void areGone() {
        assertThat(broker.info().sessions()).isZero();
        assertThat(broker.info().subscriptions()).isZero();
        assertThat(broker.info().retained()).isZero();
        assertThat(broker.info().treeNodes()).isLessThanOrEqualTo(1);
        assertThat(transport.info().connections()).isZero();
    }

    private Client connect(String clientId) {
        return Client.connect(version, port, clientId);
    }

    private Client connect(String clientId, Consumer<Received> messages) {
        return Client.connect(ConnectOptions.of(version, port, clientId), messages);
    }

    private void endSession(String clientId) {
        connect(clientId).close();
    }
}
