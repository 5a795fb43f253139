/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.MALFORMED;
import static io.bascule.benchmarks.odd.sequences.Codes.PACKET_TOO_LARGE;
import static io.bascule.benchmarks.odd.sequences.Codes.PROTOCOL_ERROR;
import static io.bascule.benchmarks.odd.sequences.Codes.QUOTA_EXCEEDED;
import static io.bascule.benchmarks.odd.sequences.Codes.TOPIC_NAME_INVALID;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Publish;
import io.bascule.benchmarks.odd.wire.Received;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.List;

/** PUBLISH: its flags, its Packet Identifier, and which topics there are. */
public final class Publishing {
    private static final int LONGEST = 65_535;
    private static final int DEEP = 1_000;
    private static final String COMPOSED = "\u00E9";
    private static final String DECOMPOSED = "e\u0301";

    private Publishing() {}

    /** Adds them. */
    public static void addTo(Book book) {
        flags(book);
        fields(book);
        illegalTopics(book);
        reservedTopics(book);
        matching(book);
        largeTopics(book);
    }

    private static void flags(Book book) {
        book.closes(
                "PUBLISH QoS 3",
                "PUBLISH with both QoS bits set",
                Law.of("Malformed: close").both("MQTT-3.3.1-4"),
                stage -> stage.bytes(stage.publish("t").qos(3, 1)),
                MALFORMED);
        book.closes(
                "DUP at QoS 0",
                "PUBLISH QoS 0 with DUP 1",
                Law.of("DUP must be 0: close")
                        .v311("MQTT-3.3.1-2, MQTT-4.8.0-1")
                        .v5("MQTT-3.3.1-2, MQTT-4.13.1-1"),
                stage -> stage.bytes(stage.publish("t").dup()),
                MALFORMED,
                PROTOCOL_ERROR);
        Law identifier = Law.of("An identifier must not be 0: close")
                .v311("MQTT-2.3.1-1, MQTT-4.8.0-1")
                .v5("MQTT-2.2.1-3, MQTT-4.13.1-1");
        for (int qos : List.of(1, 2)) {
            book.closes(
                    "Packet Identifier 0, QoS " + qos,
                    "PUBLISH QoS " + qos + " with Packet Identifier 0",
                    identifier,
                    stage -> stage.bytes(stage.publish("t").qos(qos, 0)),
                    MALFORMED,
                    PROTOCOL_ERROR);
        }
        book.add(
                "DUP is not passed on",
                "PUBLISH QoS 1 with DUP 1, never sent before; another client is subscribed",
                Law.of("A new message for the server; to the subscriber DUP is 0")
                        .both("MQTT-3.3.1-3"),
                stage -> {
                    Wire witness = stage.witness("witness", "t", 1);
                    Wire client = stage.accepted("client");
                    client.send(stage.bytes(stage.publish("t").qos(1, 7).dup().payload("x")));
                    client.await(Packets.PUBACK, 1);
                    witness.await(Packets.PUBLISH, 1);
                    stage.settle();
                    boolean dup = witness.all(Packets.PUBLISH).stream().anyMatch(Received::dup);
                    return Verdict.delivered(witness, "x").and(Verdict.that(!dup, "DUP is passed on"));
                });
    }

    private static void fields(Book book) {
        Law law = Law.of("Malformed: close").v311("§3.3, MQTT-4.8.0-1").v5("§3.3, MQTT-4.13.1-1");
        book.closes("PUBLISH of no bytes", "30 00", law, stage -> Bytes.of(0x30, 0), MALFORMED, PROTOCOL_ERROR);
        book.closes(
                "PUBLISH cut in its topic",
                "PUBLISH whose topic is longer than the packet",
                law,
                stage -> Bytes.of(0x30, 4, 0, 9, 'a', 'b'),
                MALFORMED);
        book.closes(
                "PUBLISH without Packet Identifier",
                "PUBLISH QoS 1 that ends behind its topic",
                law,
                stage -> Bytes.of(0x32, 3, 0, 1, 't'),
                MALFORMED);
    }

    private static void illegalTopics(Book book) {
        book.closes(
                "empty topic",
                "PUBLISH to a topic of no bytes",
                Law.of("One character at least: close")
                        .v311("MQTT-4.7.3-1, MQTT-4.8.0-1")
                        .v5("MQTT-4.7.3-1, §3.3.2.1"),
                stage -> stage.bytes(Publish.to("")),
                PROTOCOL_ERROR);
        Law wildcard = Law.of("No wildcards in a topic name: close").both("MQTT-3.3.2-2");
        for (String filter : List.of("#", "+/t", "a+b")) {
            book.closes(
                    "topic `" + filter + "`",
                    "PUBLISH to `…/" + filter + "`",
                    wildcard,
                    stage -> stage.bytes(stage.publish(filter)),
                    TOPIC_NAME_INVALID,
                    MALFORMED,
                    PROTOCOL_ERROR);
        }
    }

    private static void reservedTopics(Book book) {
        Law law = Law.of("Filters that begin with a wildcard do not match a topic that begins with `$`")
                .both("MQTT-4.7.2-1");
        book.add("topic that begins with `$`", "PUBLISH to `$…/x`; clients watch `#`, `+/x` and `$…/x`", law, stage -> {
            String root = "$" + stage.topic("").replace("/", "");
            Wire all = stage.witnessAny("#", "#", 0);
            Wire plus = stage.witnessAny("+/x", "+/x", 0);
            stage.witnessAny("$…/x", root + "/x", 0);
            Wire client = stage.accepted("client");
            client.send(stage.bytes(Publish.to(root + "/x").payload("x")));
            client.probe();
            stage.settle();
            return Verdict.delivered(all).and(Verdict.delivered(plus));
        });
        book.add("`$SYS` from a client", "PUBLISH QoS 1 to `$SYS/…`; clients watch `#` and `$SYS/…`", law, stage -> {
            Wire all = stage.witnessAny("#", "#", 0);
            stage.witnessAny("$SYS/…", "$SYS/" + stage.topic("x"), 0);
            Wire client = stage.accepted("client");
            client.send(
                    stage.bytes(Publish.to("$SYS/" + stage.topic("x")).qos(1, 1).payload("x")));
            client.probe();
            stage.settle();
            return Verdict.delivered(all);
        });
    }

    private static void matching(Book book) {
        Law empty = Law.of("An empty level is a level")
                .v311("§4.7.1.3, MQTT-4.7.3-4")
                .v5("§4.7.1.3, MQTT-4.7.3-4");
        matches(book, "topic that ends in `/`", empty, "a/", "a/+", true);
        matches(book, "topic that ends in `/`, filter without", empty, "a/", "a", false);
        matches(book, "topic with `//`", empty, "a//b", "a/+/b", true);
        matches(book, "topic with `//`, filter without", empty, "a//b", "a/b", false);
        Law parent =
                Law.of("`#` matches the parent as well").v311("MQTT-4.7.1-2").v5("§4.7.1.2");
        matches(book, "parent of `#`", parent, "a", "a/#", true);
        Law dollar = Law.of("`$` is special at the beginning alone").both("MQTT-4.7.2-1");
        matches(book, "`$` in a later level", dollar, "a/$b", "a/+", true);
        Law exact = Law.of("Characters are compared as they are").both("MQTT-4.7.3-4");
        matches(book, "case", exact, "A", "a", false);
        matches(book, "space", exact, "a ", "a", false);
        matches(book, "composed and decomposed", exact, COMPOSED, DECOMPOSED, false);
    }

    private static void matches(Book book, String name, Law law, String topic, String filter, boolean match) {
        String does = "PUBLISH to `…/" + topic + "`, another client watches `…/" + filter + "`";
        book.add(name, does, law, stage -> {
            Wire witness = stage.witness("witness", filter, 0);
            Wire client = stage.accepted("client");
            client.send(stage.bytes(stage.publish(topic).payload("x")));
            client.probe();
            if (match) {
                witness.await(Packets.PUBLISH, 1);
            }
            stage.settle();
            return Verdict.open(client).and(match ? Verdict.delivered(witness, "x") : Verdict.delivered(witness));
        });
    }

    private static void largeTopics(Book book) {
        Law law = Law.of("Deliver; or, where a server limits it, close, or (5.0) PUBACK with an error")
                .v311("MQTT-4.7.3-3")
                .v5("MQTT-4.7.3-3, §3.4.2.1");
        large(book, "topic of 65,535 bytes", "the longest topic that there is", law, "t", LONGEST);
        large(book, "topic of 1,000 levels", "a topic of 1,000 levels", law, "t/", 2 * DEEP);
    }

    private static void large(Book book, String name, String does, Law law, String repeated, int length) {
        book.add(name, "PUBLISH QoS 1 to " + does + "; another client watches `…/#`", law, stage -> {
            Wire witness = stage.witness("witness", "#", 0);
            Wire client = stage.accepted("client");
            String topic = stage.topic("") + repeated.repeat(length);
            client.send(
                    stage.bytes(Publish.to(topic.substring(0, length)).qos(1, 1).payload("x")));
            client.probe();
            client.awaitUnlessClosed(client, Packets.PUBACK, 1);
            witness.awaitUnlessClosed(client, Packets.PUBLISH, 1);
            stage.settle();
            Verdict refused = stage.version().hasProperties()
                    ? Verdict.closed(client, TOPIC_NAME_INVALID, PACKET_TOO_LARGE, QUOTA_EXCEEDED)
                            .or(Verdict.last(client, Packets.PUBACK, TOPIC_NAME_INVALID, QUOTA_EXCEEDED))
                    : Verdict.closed(client);
            return Verdict.delivered(witness, "x")
                    .and(Verdict.last(client, Packets.PUBACK, 0))
                    .or(refused.and(Verdict.delivered(witness)));
        });
    }
}
