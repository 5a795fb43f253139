/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.MALFORMED;
import static io.bascule.benchmarks.odd.sequences.Codes.PAYLOAD_FORMAT_INVALID;
import static io.bascule.benchmarks.odd.sequences.Codes.PROTOCOL_ERROR;
import static io.bascule.benchmarks.odd.sequences.Codes.TOPIC_ALIAS_INVALID;
import static io.bascule.benchmarks.odd.sequences.Codes.TOPIC_NAME_INVALID;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Publish;
import io.bascule.benchmarks.odd.wire.Received;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.ArrayList;
import java.util.List;

/** Properties of PUBLISH. */
public final class PublishProperties {
    private static final int MANY = 50;
    private static final int LARGEST_ALIAS = 65_535;

    private PublishProperties() {}

    /** Adds them. */
    public static void addTo(Book book) {
        twice(book);
        strangers(book);
        aliases(book);
        passedOn(book);
        payloadFormat(book);
    }

    private static void twice(Book book) {
        twice(
                book,
                "Payload Format Indicator",
                "§3.3.2.3.2",
                new Properties().one(1, 0).one(1, 0));
        twice(
                book,
                "Message Expiry Interval",
                "§3.3.2.3.3",
                new Properties().four(2, 9).four(2, 9));
        twice(book, "Topic Alias", "§3.3.2.3.4", new Properties().two(0x23, 1).two(0x23, 1));
        twice(
                book,
                "Response Topic",
                "§3.3.2.3.5",
                new Properties().string(8, "a").string(8, "a"));
        twice(
                book,
                "Correlation Data",
                "§3.3.2.3.6",
                new Properties().string(9, "a").string(9, "a"));
        twice(
                book,
                "Content Type",
                "§3.3.2.3.9",
                new Properties().string(3, "a").string(3, "a"));
    }

    private static void twice(Book book, String name, String section, Properties properties) {
        book.closes(
                name + " twice",
                "PUBLISH with the property twice",
                Law.of("A protocol error: close").v5(section + ", MQTT-4.13.1-1"),
                stage -> stage.bytes(stage.publish("t").properties(properties)),
                PROTOCOL_ERROR);
    }

    private static void strangers(Book book) {
        Law law = Law.of("Not a property of this packet: malformed, close").v5("§2.2.2.2, MQTT-4.13.1-1");
        odd(book, "unknown property", "property 0x7E", law, new Properties().raw(0x7E, 0), MALFORMED);
        odd(
                book,
                "CONNECT property in PUBLISH",
                "a Session Expiry Interval",
                law,
                new Properties().four(Properties.SESSION_EXPIRY_INTERVAL, 1),
                MALFORMED,
                PROTOCOL_ERROR);
        odd(
                book,
                "Subscription Identifier from a client",
                "a Subscription Identifier",
                Law.of("Clients must not: a protocol error, close").v5("MQTT-3.3.4-6, MQTT-4.13.1-1"),
                new Properties().variable(Properties.SUBSCRIPTION_IDENTIFIER, 1),
                PROTOCOL_ERROR);
        odd(
                book,
                "Response Topic with wildcard",
                "the Response Topic `a/#`",
                Law.of("No wildcards there: close").v5("MQTT-3.3.2-14, MQTT-4.13.1-1"),
                new Properties().string(Properties.RESPONSE_TOPIC, "a/#"),
                PROTOCOL_ERROR,
                MALFORMED,
                TOPIC_NAME_INVALID);
    }

    private static void odd(Book book, String name, String does, Law law, Properties properties, int... codes) {
        book.closes(
                name,
                "PUBLISH with " + does,
                law,
                stage -> stage.bytes(stage.publish("t").properties(properties)),
                codes);
    }

    private static void aliases(Book book) {
        odd(
                book,
                "Topic Alias 0",
                "a topic and the Topic Alias 0",
                Law.of("Not permitted: close with 0x94").v5("MQTT-3.3.2-8, §3.3.2.3.4"),
                alias(0),
                TOPIC_ALIAS_INVALID);
        book.closes(
                "Topic Alias that is unknown",
                "PUBLISH without a topic, with an alias that was never set",
                Law.of("A protocol error: close").v5("§3.3.2.3.4, MQTT-4.13.1-1"),
                stage -> stage.bytes(Publish.to("").properties(alias(1))),
                PROTOCOL_ERROR,
                TOPIC_ALIAS_INVALID);
        book.add(
                "Topic Alias above the maximum",
                "PUBLISH with an alias one above the server's Topic Alias Maximum",
                Law.of("Close with 0x94").v5("MQTT-3.3.2-9, MQTT-3.2.2-17, §3.3.2.3.4"),
                stage -> {
                    Wire client = stage.accepted("client");
                    int maximum = (int) client.connack().number(Properties.TOPIC_ALIAS_MAXIMUM, 0);
                    Stage.require(maximum < LARGEST_ALIAS, "every alias is allowed");
                    client.send(stage.bytes(stage.publish("t").properties(alias(maximum + 1))));
                    client.probe();
                    stage.settle();
                    return Verdict.closed(client, TOPIC_ALIAS_INVALID);
                });
        book.add(
                "Topic Alias set anew",
                "alias 1 set to `a`, used, set to `b`, used; another client watches `…/#`",
                Law.of("An alias may be set anew; what is delivered carries the topic")
                        .v5("§3.3.2.3.4, MQTT-3.3.2-12"),
                stage -> {
                    Wire witness = stage.witness("witness", "#", 0);
                    Wire client = stage.accepted("client");
                    Stage.require(client.connack().number(Properties.TOPIC_ALIAS_MAXIMUM, 0) > 0, "no aliases");
                    for (String topic : List.of("a", "", "b", "")) {
                        String full = topic.isEmpty() ? "" : stage.topic(topic);
                        client.send(stage.bytes(Publish.to(full).payload("x").properties(alias(1))));
                    }
                    client.probe();
                    witness.await(Packets.PUBLISH, 4);
                    stage.settle();
                    List<String> expected =
                            List.of(stage.topic("a"), stage.topic("a"), stage.topic("b"), stage.topic("b"));
                    return Verdict.that(topics(witness).equals(expected), "topics " + topics(witness));
                });
        book.add(
                "Topic Alias of the connection before",
                "alias 1 set, the session resumed on a new connection, alias 1 used",
                Law.of("An alias ends with its connection: a protocol error, close")
                        .v5("MQTT-3.3.2-7, §3.3.2.3.4"),
                stage -> {
                    Wire before =
                            stage.accepted("before", stage.connect("client").lasting(100));
                    before.send(stage.bytes(stage.publish("t").properties(alias(1))));
                    before.probe();
                    stage.end(before);
                    Wire client =
                            stage.accepted("client", stage.connect("client").lasting(100));
                    client.send(stage.bytes(Publish.to("").properties(alias(1))));
                    client.probe();
                    stage.settle();
                    return Verdict.closed(client, PROTOCOL_ERROR, TOPIC_ALIAS_INVALID);
                });
    }

    private static Properties alias(int value) {
        return new Properties().two(Properties.TOPIC_ALIAS, value);
    }

    private static List<String> topics(Wire witness) {
        return witness.all(Packets.PUBLISH).stream().map(Received::topic).toList();
    }

    private static void passedOn(Book book) {
        book.add(
                "fifty User Properties",
                "PUBLISH with 50 User Properties of three names, empty ones among them",
                Law.of("Pass all on, in their order").v5("MQTT-3.3.2-17, MQTT-3.3.2-18"),
                stage -> {
                    Properties properties = new Properties();
                    List<Object> expected = new ArrayList<>();
                    for (int i = 0; i < MANY; i++) {
                        String name = "k".repeat(i % 3);
                        String value = i % 7 == 0 ? "" : "v" + i;
                        properties.user(name, value);
                        expected.add(name + "=" + value);
                    }
                    Received message = passed(stage, properties);
                    boolean equal = message.values(Properties.USER_PROPERTY).equals(expected);
                    return Verdict.that(equal, "User Properties are changed");
                });
        book.add(
                "Response Topic, Correlation Data and Content Type",
                "PUBLISH with all three, the Correlation Data of any bytes",
                Law.of("Pass them on as they are").v5("MQTT-3.3.2-15, MQTT-3.3.2-16, MQTT-3.3.2-20"),
                stage -> {
                    Received message = passed(
                            stage,
                            new Properties()
                                    .string(Properties.CONTENT_TYPE, "text/odd")
                                    .binary(Properties.CORRELATION_DATA, Bytes.of(0, 1, 2, 3))
                                    .string(Properties.RESPONSE_TOPIC, "answer"));
                    return Verdict.that(
                            message.values(Properties.CONTENT_TYPE).equals(List.of("text/odd"))
                                    && message.values(Properties.CORRELATION_DATA)
                                            .equals(List.of("\0\1\2\3"))
                                    && message.values(Properties.RESPONSE_TOPIC).equals(List.of("answer")),
                            "a property is changed");
                });
        book.add(
                "Message Expiry Interval in passing",
                "PUBLISH with Message Expiry Interval 4,294,967,295",
                Law.of("Pass it on, less the time that the message has waited").v5("MQTT-3.3.2-6"),
                stage -> {
                    Received message =
                            passed(stage, new Properties().four(Properties.MESSAGE_EXPIRY_INTERVAL, 0xFFFF_FFFFL));
                    long rest = message.number(Properties.MESSAGE_EXPIRY_INTERVAL, -1);
                    return Verdict.that(rest >= 0xFFFF_FFFFL - 1, "Message Expiry Interval " + rest);
                });
    }

    /** What comes of a message with these properties at another client. */
    private static Received passed(Stage stage, Properties properties) throws Exception {
        Wire witness = stage.witness("witness", "t", 0);
        stage.delivers(witness, stage.publish("t").payload("x").properties(properties));
        return witness.all(Packets.PUBLISH).get(0);
    }

    private static void payloadFormat(Book book) {
        book.add(
                "payload that is not the UTF-8 it claims to be",
                "PUBLISH QoS 1 with Payload Format Indicator 1 and the payload FF; another client is subscribed",
                Law.of("Deliver with the indicator, or refuse with 0x99").v5("MQTT-3.3.2-4, §3.3.2.3.2"),
                stage -> {
                    Wire witness = stage.witness("witness", "t", 0);
                    Wire client = stage.accepted("client");
                    client.send(stage.bytes(stage.publish("t")
                            .qos(1, 1)
                            .payload(Bytes.of(0xFF))
                            .properties(new Properties().one(Properties.PAYLOAD_FORMAT_INDICATOR, 1))));
                    client.probe();
                    client.awaitUnlessClosed(client, Packets.PUBACK, 1);
                    witness.awaitUnlessClosed(
                            client,
                            Packets.PUBLISH,
                            client.all(Packets.PUBACK).stream().anyMatch(ack -> ack.code() == 0) ? 1 : 0);
                    stage.settle();
                    boolean delivered = witness.all(Packets.PUBLISH).stream()
                            .anyMatch(message -> message.number(Properties.PAYLOAD_FORMAT_INDICATOR, 0) == 1);
                    return Verdict.that(delivered, "not delivered with the indicator")
                            .or(Verdict.last(client, Packets.PUBACK, PAYLOAD_FORMAT_INVALID)
                                    .or(Verdict.closed(client, PAYLOAD_FORMAT_INVALID))
                                    .and(Verdict.delivered(witness)));
                });
    }
}
