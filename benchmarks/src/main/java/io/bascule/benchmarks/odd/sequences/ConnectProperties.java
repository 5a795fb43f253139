/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.BAD_AUTHENTICATION_METHOD;
import static io.bascule.benchmarks.odd.sequences.Codes.MALFORMED;
import static io.bascule.benchmarks.odd.sequences.Codes.NOT_AUTHORIZED;
import static io.bascule.benchmarks.odd.sequences.Codes.PROTOCOL_ERROR;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Received;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.List;

/** Properties of CONNECT and of a will, AUTH without CONNECT's consent, and what the client asked for. */
public final class ConnectProperties {
    private static final int TINY = 5;
    private static final int SMALL = 64;
    private static final List<Integer> WITHOUT_REASONS = List.of(
            Packets.PUBACK,
            Packets.PUBREC,
            Packets.PUBREL,
            Packets.PUBCOMP,
            Packets.SUBACK,
            Packets.UNSUBACK,
            Packets.AUTH);

    private ConnectProperties() {}

    /** Adds them. */
    public static void addTo(Book book) {
        values(book);
        strangers(book);
        authentication(book);
        sizes(book);
        reasons(book);
    }

    private static void values(Book book) {
        error(book, "Receive Maximum 0", "§3.1.2.11.3", new Properties().two(Properties.RECEIVE_MAXIMUM, 0));
        error(book, "Maximum Packet Size 0", "§3.1.2.11.4", new Properties().four(Properties.MAXIMUM_PACKET_SIZE, 0));
        error(
                book,
                "Request Problem Information 2",
                "§3.1.2.11.7",
                new Properties().one(Properties.REQUEST_PROBLEM_INFORMATION, 2));
        error(
                book,
                "Request Response Information 2",
                "§3.1.2.11.6",
                new Properties().one(Properties.REQUEST_RESPONSE_INFORMATION, 2));
        error(
                book,
                "Session Expiry Interval twice",
                "§3.1.2.11.2",
                new Properties()
                        .four(Properties.SESSION_EXPIRY_INTERVAL, 1)
                        .four(Properties.SESSION_EXPIRY_INTERVAL, 1));
        error(
                book,
                "Receive Maximum twice",
                "§3.1.2.11.3",
                new Properties().two(Properties.RECEIVE_MAXIMUM, 9).two(Properties.RECEIVE_MAXIMUM, 9));
        error(
                book,
                "Topic Alias Maximum twice",
                "§3.1.2.11.5",
                new Properties().two(Properties.TOPIC_ALIAS_MAXIMUM, 9).two(Properties.TOPIC_ALIAS_MAXIMUM, 9));
    }

    private static void error(Book book, String name, String section, Properties properties) {
        book.refuses(
                name + " in CONNECT",
                "CONNECT with " + name,
                Law.of("A protocol error: close without a good CONNACK").v5(section + ", MQTT-4.13.1-1"),
                stage -> stage.connect("client").properties(properties).toArray(),
                PROTOCOL_ERROR);
    }

    private static void strangers(Book book) {
        Law law = Law.of("Not a property of this packet: malformed, close without a good CONNACK")
                .v5("§2.2.2.2, MQTT-4.13.1-1");
        book.refuses(
                "unknown property in CONNECT",
                "CONNECT with property 0x7E",
                law,
                stage -> stage.connect("client")
                        .properties(new Properties().raw(0x7E, 0))
                        .toArray(),
                MALFORMED);
        book.refuses(
                "PUBLISH property in CONNECT",
                "CONNECT with a Topic Alias",
                law,
                stage -> stage.connect("client")
                        .properties(new Properties().two(Properties.TOPIC_ALIAS, 1))
                        .toArray(),
                MALFORMED,
                PROTOCOL_ERROR);
        book.refuses(
                "CONNACK property in CONNECT",
                "CONNECT with an Assigned Client Identifier",
                law,
                stage -> stage.connect("client")
                        .properties(new Properties().string(Properties.ASSIGNED_CLIENT_IDENTIFIER, "me"))
                        .toArray(),
                MALFORMED,
                PROTOCOL_ERROR);
        book.refuses(
                "CONNECT property in a will",
                "Will Properties with a Receive Maximum",
                law,
                stage -> stage.connect("client")
                        .will(stage.topic("will"), "gone", 0, false)
                        .willProperties(new Properties().two(Properties.RECEIVE_MAXIMUM, 1))
                        .toArray(),
                MALFORMED,
                PROTOCOL_ERROR);
        book.refuses(
                "Will Delay Interval twice",
                "Will Properties with the property twice",
                Law.of("A protocol error: close without a good CONNACK").v5("§3.1.3.2.2, MQTT-4.13.1-1"),
                stage -> stage.connect("client")
                        .will(stage.topic("will"), "gone", 0, false)
                        .willProperties(new Properties()
                                .four(Properties.WILL_DELAY_INTERVAL, 1)
                                .four(Properties.WILL_DELAY_INTERVAL, 1))
                        .toArray(),
                PROTOCOL_ERROR);
    }

    private static void authentication(Book book) {
        book.refuses(
                "Authentication Data without a method",
                "CONNECT with Authentication Data alone",
                Law.of("A protocol error: close without a good CONNACK").v5("§3.1.2.11.10, MQTT-4.13.1-1"),
                stage -> stage.connect("client")
                        .properties(new Properties().binary(Properties.AUTHENTICATION_DATA, Bytes.of(1)))
                        .toArray(),
                PROTOCOL_ERROR);
        book.refuses(
                "unknown Authentication Method",
                "CONNECT with method `NO-SUCH-METHOD`",
                Law.of("Close, with CONNACK 0x8C or 0x87 or silently").v5("MQTT-4.12.0-1"),
                stage -> stage.connect("client")
                        .properties(new Properties().string(Properties.AUTHENTICATION_METHOD, "NO-SUCH-METHOD"))
                        .toArray(),
                BAD_AUTHENTICATION_METHOD,
                NOT_AUTHORIZED);
        book.closes(
                "AUTH without a method in CONNECT",
                "AUTH as F0 00 once connected",
                Law.of("The client must not: a protocol error, close").v5("MQTT-4.12.0-7, MQTT-4.13.1-1"),
                stage -> Bytes.of(0xF0, 0),
                PROTOCOL_ERROR);
    }

    private static void sizes(Book book) {
        Law law = Law.of("Send no packet that is larger; a message too large counts as delivered")
                .v5("MQTT-3.1.2-24, MQTT-3.1.2-25");
        book.add("Maximum Packet Size 5", "CONNECT with a size that a CONNACK with properties exceeds", law, stage -> {
            Wire client = stage.open("client");
            client.send(limited(stage, TINY));
            client.probe();
            stage.settle();
            return within(client, TINY);
        });
        book.add(
                "message beyond Maximum Packet Size",
                "Maximum Packet Size 64, QoS 1; messages of 10, 200 and 11 bytes are published",
                law,
                stage -> {
                    Wire client = stage.open("client");
                    client.send(limited(stage, SMALL), stage.subscribe(1, stage.topic("t"), 1));
                    Stage.require(client.await(Packets.SUBACK, 1), "no SUBACK");
                    client.forget().acknowledges();
                    stage.publishes(
                            stage.publish("t").qos(1, 1).payload("a".repeat(10)),
                            stage.publish("t").qos(1, 2).payload("b".repeat(200)),
                            stage.publish("t").qos(1, 3).payload("c".repeat(11)));
                    client.await(Packets.PUBLISH, 2);
                    stage.settle();
                    return within(client, SMALL).and(Verdict.delivered(client, "a".repeat(10), "c".repeat(11)));
                });
        book.add(
                "user properties beyond Maximum Packet Size",
                "Maximum Packet Size 64; a QoS 0 message with 100 bytes of User Properties is published, then a small one",
                law,
                stage -> {
                    Wire client = stage.open("client");
                    client.send(limited(stage, SMALL), stage.subscribe(1, stage.topic("t"), 0));
                    Stage.require(client.await(Packets.SUBACK, 1), "no SUBACK");
                    client.forget();
                    stage.publishes(
                            stage.publish("t").payload("a").properties(new Properties().user("k", "v".repeat(100))),
                            stage.publish("t").payload("b"));
                    client.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return within(client, SMALL).and(Verdict.delivered(client, "b"));
                });
    }

    private static byte[] limited(Stage stage, int size) {
        return stage.connect("client")
                .properties(new Properties().four(Properties.MAXIMUM_PACKET_SIZE, size))
                .toArray();
    }

    private static Verdict within(Wire client, int size) {
        int largest = client.packets().stream().mapToInt(Received::size).max().orElse(0);
        return Verdict.that(largest <= size, "a packet of " + largest + " bytes");
    }

    private static void reasons(Book book) {
        book.add(
                "Request Problem Information 0",
                "CONNECT with it; a SUBSCRIBE and a PUBLISH QoS 1 that give reason to explain",
                Law.of("No Reason String or User Property but on PUBLISH, CONNACK and DISCONNECT")
                        .v5("MQTT-3.1.2-29"),
                stage -> {
                    Wire client = stage.accepted(
                            "client",
                            stage.connect("client")
                                    .properties(new Properties().one(Properties.REQUEST_PROBLEM_INFORMATION, 0)));
                    client.send(stage.bytes(stage.publish("nobody").qos(1, 1)));
                    client.await(Packets.PUBACK, 1);
                    client.send(Packets.unsubscribe(stage.version(), 2, stage.topic("never")));
                    client.await(Packets.UNSUBACK, 1);
                    client.send(stage.subscribe(3, "$share/g#/" + stage.topic("t"), 0));
                    client.probe();
                    stage.settle();
                    boolean explained = client.packets().stream()
                            .filter(packet -> WITHOUT_REASONS.contains(packet.type()))
                            .anyMatch(packet -> !packet.values(Properties.REASON_STRING)
                                            .isEmpty()
                                    || !packet.values(Properties.USER_PROPERTY).isEmpty());
                    return Verdict.that(!explained, "a reason is given in words");
                });
    }
}
