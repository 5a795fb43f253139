/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Identity;
import io.bascule.itests.statements.Cve;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.Authenticator;
import io.bascule.spi.Authorizer;
import io.bascule.spi.Client;
import io.bascule.spi.MessageInterceptor;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What went wrong in other brokers, where the other tests do not come across it. */
class CveTest extends BrokerTestBase {
    private static final int COLLECTIONS = 3;
    private static final int TIMEOUT_MILLIS = 10_000;

    private static final int CONNECTS = 10_000;
    /** Less than 200 bytes each. */
    private static final long MOST_GROWTH = 2_000_000;

    private static final int PUBLISHES = 1_000_000;
    private static final int BATCH = 1_000;

    /** Where it does not hold a segment Linux sends five times a second. */
    private static final int RECEIVE_BUFFER = 128 * 1024;

    /** Much more than the kernel takes of them and of their answers. */
    private static final int UNREAD = 3_000_000;

    private static final long TO_SEND_SOME_NANOS = TimeUnit.MILLISECONDS.toNanos(1000);
    private static final int MOST_BUFFERS = 500;

    private static long liveHeap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static Socket tcp() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.port());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    /** A CONNECT with everything that it may have, up to the properties of its will. */
    private static Bytes upToTheWill(MqttVersion version, Bytes properties, Bytes willProperties) {
        return Bytes.of()
                .utf8(version.protocolName())
                .u8(version.protocolLevel(), 0xC6)
                .u16(0)
                .properties(version, properties)
                .utf8("refused")
                .properties(version, willProperties);
    }

    private static Bytes whole(MqttVersion version, Bytes properties, Bytes willProperties) {
        return upToTheWill(version, properties, willProperties)
                .utf8("refused/will")
                .binary((byte) 'w')
                .utf8("user")
                .binary((byte) 'p');
    }

    private static List<byte[]> invalidConnects() {
        List<byte[]> connects = new ArrayList<>();
        for (MqttVersion version : List.of(MqttVersion.MQTT_3_1_1, MqttVersion.MQTT_5)) {
            Bytes whole = whole(version, Bytes.of(0x21).u16(10), Bytes.of(0x18).u32(5));
            for (int length = 0; length < whole.size(); length++) {
                connects.add(whole.packet(0x10, length));
            }
            connects.add(whole.u8(0).packet(0x10));
            connects.add(upToTheWill(version, Bytes.of(), Bytes.of())
                    .utf8("refused/#")
                    .binary()
                    .utf8("user")
                    .binary()
                    .packet(0x10));
        }
        List<Bytes> properties = List.of(
                Bytes.of(0x23).u16(1), // of PUBLISH alone
                Bytes.of(0x26).utf8("name"), // half a User Property
                Bytes.of(0x21).u16(0),
                Bytes.of(0x21).u16(1).u8(0x21).u16(1),
                Bytes.of(0x16).binary((byte) 'd')); // data without a method
        properties.forEach(
                each -> connects.add(whole(MqttVersion.MQTT_5, each, Bytes.of()).packet(0x10)));
        List<Bytes> willProperties = List.of(
                Bytes.of(0x11).u32(1), // of CONNECT alone
                Bytes.of(0x01, 2), // no such format
                Bytes.of(0x03).utf8("a").u8(0x03).utf8("b"),
                Bytes.of(0x08).utf8("wild/#"),
                Bytes.of(0x26).utf8("name").utf8("value").u8(0x7F));
        willProperties.forEach(
                each -> connects.add(whole(MqttVersion.MQTT_5, Bytes.of(), each).packet(0x10)));
        return connects;
    }

    private static void isRefused(byte[] connect) throws IOException {
        try (Socket socket = tcp()) {
            socket.getOutputStream().write(connect);
            byte[] answer = socket.getInputStream().readAllBytes();
            // A 5.0 client is told; nobody else is, but for what CONNACK of 3.1.1 can say.
            assertThat(answer.length == 0 || (answer[0] & 0xFF) == 0x20 && answer[3] != 0)
                    .isTrue();
        }
    }

    @Test
    @Timeout(300)
    @Cve({"CVE-2017-7654", "CVE-2021-34431", "CVE-2023-3592"})
    void holdsNothingForConnectsThatItRefuses() throws IOException {
        List<byte[]> connects = invalidConnects();
        for (byte[] connect : connects) {
            isRefused(connect); // once for all that is made on the first use
        }
        long before = liveHeap();

        for (int i = 0; i < CONNECTS; i++) {
            isRefused(connects.get(i % connects.size()));
        }

        eventually(
                "connections are gone",
                () -> broker.transport().info().connections() == 0
                        && broker.transport().info().activeBuffers() == 0);
        assertThat(session("refused")).isEmpty();
        assertThat(liveHeap() - before).isLessThan(MOST_GROWTH);
    }

    @Test
    @Timeout(300)
    @Cve("CVE-2023-28366")
    void holdsOneMessageForOneIdentifierHoweverOftenItComes() throws IOException {
        TestClient subscriber = connect(TestClient.v311("same-s"));
        subscriber.subscribe("same/t", 0);
        byte[] publish = Bytes.of().utf8("same/t").u16(7).raw((byte) 'x').packet(0x3C); // DUP, QoS 2
        byte[] pubrec = Bytes.of().u16(7).packet(0x50);
        Bytes batch = Bytes.of();
        Bytes expected = Bytes.of();
        for (int i = 0; i < BATCH; i++) {
            batch.raw(publish);
            expected.raw(pubrec);
        }
        byte[] answers = expected.toArray();
        try (Socket socket = tcp()) {
            InputStream in = socket.getInputStream();
            socket.getOutputStream()
                    .write(Bytes.of()
                            .utf8("MQTT")
                            .u8(4, 2)
                            .u16(0)
                            .utf8("same-p")
                            .packet(0x10));
            in.readNBytes(4);
            long before = liveHeap();

            for (int i = 0; i < PUBLISHES / BATCH; i++) {
                socket.getOutputStream().write(batch.toArray());
                assertThat(in.readNBytes(answers.length)).isEqualTo(answers);
            }

            assertThat(liveHeap() - before).isLessThan(MOST_GROWTH);
            assertThat(subscriber.message().payload()).isEqualTo("x");
            subscriber.expectNothing();
        }
    }

    /** What is answered waits where the one who asks does not read: the broker reads no more of him then, and goes on when he does. */
    @Test
    @Timeout(300)
    @Cve("CVE-2023-28366")
    void readsNoFurtherOfWhoDoesNotReadItsAnswers() throws Exception {
        byte[] publish = Bytes.of().utf8("unread/t").u16(7).packet(0x32);
        Bytes batch = Bytes.of();
        for (int i = 0; i < BATCH; i++) {
            batch.raw(publish);
        }
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(RECEIVE_BUFFER);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port()));
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write(Bytes.of()
                            .utf8("MQTT")
                            .u8(4, 2)
                            .u16(0)
                            .utf8("unread")
                            .packet(0x10));
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            in.readNBytes(4);
            AtomicInteger sent = new AtomicInteger();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < UNREAD / BATCH; i++) {
                        socket.getOutputStream().write(batch.toArray());
                        sent.addAndGet(BATCH);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            long direct = 0;
            for (int before = -1; before != sent.get(); ) {
                before = sent.get();
                LockSupport.parkNanos(TO_SEND_SOME_NANOS);
                direct = Math.max(direct, broker.transport().info().activeBuffers());
            }

            assertThat(writing).isNotDone();
            assertThat(direct).isLessThan(MOST_BUFFERS);
            for (int i = 0; i < UNREAD; i++) {
                assertThat(in.readInt()).isEqualTo(0x40020007); // PUBACK
            }
            writing.join();
        }
    }

    /** Two wills are due in the same moment, and more sessions with them. */
    @Test
    @Cve("Moquette #959")
    void goesOnWithWhatIsDueWhereOneOfItFails() {
        MessageInterceptor broken = (publisher, message) -> {
            if (message.topic().toString().equals("due/broken")) {
                throw new IllegalStateException("out of order");
            }
            return Optional.of(message);
        };
        try (Plugged plugged = Plugged.of(broker.extensions(), 0, broken)) {
            assertThat(plugged).isNotNull();
            TestClient observer = connect(TestClient.v5("due-observer"));
            observer.subscribe("due/#", 0);
            List<String> topics = List.of("due/broken", "due/fine", "due/broken", "due/fine");
            for (int i = 0; i < topics.size(); i++) {
                TestClient owner = connect(TestClient.v5("due" + i)
                        .resuming()
                        .lasting(1)
                        .will(topics.get(i), "gone", 0, false)
                        .willDelay(1));
                owner.close();
            }

            assertThat(observer.lines(2)).hasSize(2);

            for (int i = 0; i < topics.size(); i++) {
                String id = "due" + i;
                eventually(id + " has expired", () -> session(id).isEmpty());
            }
        }
    }

    /** Knows users by what they say they are; topics of alice are hers alone. */
    private static final Authenticator BY_NAME =
            client -> CompletableFuture.completedFuture(new Accepted(new Identity(client.userName(), Set.of())));

    private static final Authorizer HER_OWN = new Authorizer() {
        @Override
        public Decision mayPublish(Client client, Topic topic, QoS qos, boolean retain) {
            return Decision.ALLOW;
        }

        @Override
        public Decision maySubscribe(Client client, TopicFilter filter, QoS maximumQos) {
            return Decision.ALLOW;
        }

        @Override
        public Decision mayReceive(Client client, Topic topic) {
            boolean hers = topic.toString().startsWith("alice/");
            return !hers || client.identity().userName().equals(Optional.of("alice")) ? Decision.ALLOW : Decision.DENY;
        }
    };

    @Test
    @Cve("CVE-2026-6564")
    void givesNobodyWhatWaitsInASessionOfSomebodyElse() {
        try (Plugged names = Plugged.of(broker.extensions(), 0, BY_NAME);
                Plugged rights = Plugged.of(broker.extensions(), 0, HER_OWN)) {
            assertThat(names).isNotNull();
            assertThat(rights).isNotNull();
            TestClient alice =
                    connect(TestClient.v5("taken").user("alice", "a").resuming().lasting(100));
            alice.subscribe("alice/#", 2);
            TestClient publisher = connect(TestClient.v5("taken-p").user("publisher", "p"));
            publisher.publish("alice/x", "in flight", 2, 1);
            publisher.answer(PUBREC);
            assertThat(alice.message().payload()).isEqualTo("in flight");
            drop(alice, "taken");
            publisher.publishAcknowledged("alice/x", "queued");

            TestClient bob =
                    connect(TestClient.v5("taken").user("bob", "b").resuming().lasting(100));
            publisher.publishAcknowledged("alice/x", "later");
            publisher.retain("alice/kept", "retained");
            bob.subscribe("alice/kept", 0);

            bob.expectNothing();
        }
    }
}
