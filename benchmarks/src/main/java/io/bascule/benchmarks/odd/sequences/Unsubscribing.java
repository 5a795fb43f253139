/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.MALFORMED;
import static io.bascule.benchmarks.odd.sequences.Codes.PROTOCOL_ERROR;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Received;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.List;

/** UNSUBSCRIBE. */
public final class Unsubscribing {
    private static final int NO_SUBSCRIPTION_EXISTED = 0x11;

    private Unsubscribing() {}

    /** Adds them. */
    public static void addTo(Book book) {
        malformed(book);
        unsubscribing(book);
        codes(book);
    }

    private static void malformed(Book book) {
        book.closes(
                "UNSUBSCRIBE without filters",
                "UNSUBSCRIBE that ends behind its head",
                Law.of("One filter at least: a protocol error, close").both("MQTT-3.10.3-2"),
                stage -> Packets.unsubscribe(stage.version(), 1),
                PROTOCOL_ERROR,
                MALFORMED);
        book.closes(
                "UNSUBSCRIBE with identifier 0",
                "UNSUBSCRIBE with Packet Identifier 0",
                Law.of("An identifier must not be 0: close")
                        .v311("MQTT-2.3.1-1, MQTT-4.8.0-1")
                        .v5("MQTT-2.2.1-3, MQTT-4.13.1-1"),
                stage -> Packets.unsubscribe(stage.version(), 0, stage.topic("t")),
                PROTOCOL_ERROR,
                MALFORMED);
        book.closes(
                "UNSUBSCRIBE with Subscription Identifier",
                "UNSUBSCRIBE with a property that SUBSCRIBE has",
                Law.of("Not a property of this packet: malformed, close").v5("§2.2.2.2, MQTT-4.13.1-1"),
                stage -> Packets.packet(0xA2, new Bytes().two(1).raw(2, 0x0B, 1).string(stage.topic("t"))),
                MALFORMED,
                PROTOCOL_ERROR);
        book.closes(
                "UNSUBSCRIBE cut in its filter",
                "a filter that is longer than the packet",
                Law.of("Malformed: close").v311("§3.10.3, MQTT-4.8.0-1").v5("§3.10.3, MQTT-4.13.1-1"),
                stage -> stage.version().hasProperties()
                        ? Bytes.of(0xA2, 6, 0, 1, 0, 0, 9, 'a')
                        : Bytes.of(0xA2, 5, 0, 1, 0, 9, 'a'),
                MALFORMED);
    }

    private static void unsubscribing(Book book) {
        Law law = Law.of("UNSUBACK all the same, in 5.0 with 0x11")
                .v311("MQTT-3.10.4-5")
                .v5("MQTT-3.10.4-5, §3.11.3");
        book.add(
                "UNSUBSCRIBE from what is not subscribed",
                "UNSUBSCRIBE from a filter never subscribed to",
                law,
                stage -> {
                    Wire client = stage.accepted("client");
                    client.send(Packets.unsubscribe(stage.version(), 7, stage.topic("never")));
                    client.await(Packets.UNSUBACK, 1);
                    client.probe();
                    stage.settle();
                    if (!stage.version().hasProperties()) {
                        return Verdict.count(client, Packets.UNSUBACK, 1);
                    }
                    return Verdict.last(client, Packets.UNSUBACK, NO_SUBSCRIPTION_EXISTED)
                            .or(Verdict.last(client, Packets.UNSUBACK, 0).and(Verdict.nearly("0x00")));
                });
        book.add(
                "UNSUBSCRIBE by a wider filter",
                "subscribed to `a/b`, UNSUBSCRIBE from `a/+`, then a message to `a/b`",
                Law.of("Filters are compared character by character: the subscription stays")
                        .both("MQTT-3.10.4-1"),
                stage -> {
                    Wire client = stage.subscribed(stage.accepted("client"), stage.topic("a/b"), 0);
                    client.send(Packets.unsubscribe(stage.version(), 7, stage.topic("a/+")));
                    client.await(Packets.UNSUBACK, 1);
                    stage.publishes(stage.publish("a/b").payload("x"));
                    client.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return Verdict.delivered(client, "x");
                });
        Law completes = Law.of("Complete what has begun: PUBREL after the client's PUBREC")
                .both("MQTT-3.10.4-3");
        book.add(
                "UNSUBSCRIBE while QoS 2 is in flight",
                "a QoS 2 message is delivered; UNSUBSCRIBE, then PUBREC for it",
                completes,
                stage -> {
                    Wire client = stage.subscribed(stage.accepted("client"), stage.topic("t"), 2);
                    stage.delivers(client, stage.publish("t").qos(2, 1).payload("x"));
                    int id = client.all(Packets.PUBLISH).get(0).packetId();
                    client.send(Packets.unsubscribe(stage.version(), 7, stage.topic("t")));
                    client.await(Packets.UNSUBACK, 1);
                    client.send(Packets.acknowledgement(Packets.PUBREC, id));
                    client.await(Packets.PUBREL, 1);
                    stage.settle();
                    return Verdict.last(client, Packets.PUBREL, 0);
                });
    }

    private static void codes(Book book) {
        book.add(
                "UNSUBSCRIBE from three filters",
                "subscribed to `a` and `c`; UNSUBSCRIBE from `a`, `b`, `c`",
                Law.of("A code for each, in order").v5("MQTT-3.11.3-1, §3.11.3"),
                stage -> {
                    Wire client = stage.accepted("client");
                    stage.subscribed(client, stage.topic("a"), 0);
                    stage.subscribed(client, stage.topic("c"), 0);
                    client.send(Packets.unsubscribe(
                            stage.version(), 2, stage.topic("a"), stage.topic("b"), stage.topic("c")));
                    client.await(Packets.UNSUBACK, 1);
                    stage.settle();
                    List<List<Integer>> codes = client.all(Packets.UNSUBACK).stream()
                            .map(Received::codes)
                            .toList();
                    return Verdict.that(codes.equals(List.of(List.of(0, 0x11, 0))), "codes " + codes)
                            .or(Verdict.that(codes.equals(List.of(List.of(0, 0, 0))), "codes " + codes)
                                    .and(Verdict.nearly("0x00 for what was not subscribed")));
                });
    }
}
