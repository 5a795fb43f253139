/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.PROTOCOL_ERROR;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Wire;

/** Shared subscriptions. */
public final class Sharing {
    private static final int NO_LOCAL = 0x04;

    private Sharing() {}

    /** Adds them. */
    public static void addTo(Book book) {
        filters(book);
        book.closes(
                "No Local on a shared subscription",
                "SUBSCRIBE to `$share/g/t` with No Local",
                Law.of("A protocol error: close").v5("MQTT-3.8.3-4, MQTT-4.13.1-1"),
                stage -> stage.subscribe(1, "$share/g/" + stage.topic("t"), NO_LOCAL),
                PROTOCOL_ERROR);
        retained(book);
        beside(book);
        failing(book);
    }

    private static void filters(Book book) {
        Law law = Law.of(
                "A share name of one character at least, without `+` `#`, then a filter: close, or SUBACK with a failure");
        filter(book, "`$share/g`", law.v5("MQTT-4.8.2-2"), "$share/g");
        filter(book, "`$share/g/`", law.v5("MQTT-4.8.2-2, MQTT-4.7.3-1"), "$share/g/");
        filter(book, "`$share//t`", law.v5("MQTT-4.8.2-1"), "$share//t");
        filter(book, "`$share/+/t`", law.v5("MQTT-4.8.2-2"), "$share/+/t");
        filter(book, "`$share/g#/t`", law.v5("MQTT-4.8.2-2"), "$share/g#/t");
        filter(book, "`$share/g/a#`", law.v5("MQTT-4.7.1-1"), "$share/g/a#");
    }

    private static void filter(Book book, String name, Law law, String filter) {
        book.add("filter " + name, "SUBSCRIBE to " + name, law, stage -> Subscribing.rejected(stage, filter, 0));
    }

    private static void retained(Book book) {
        book.add(
                "retained message and a shared subscription",
                "a retained message, then SUBSCRIBE to `$share/g/t` with Retain Handling 0",
                Law.of("Retained messages are not sent to a shared subscription")
                        .v5("§4.8.2, §3.3.1.3"),
                stage -> {
                    stage.publishes(stage.publish("t").retain().payload("kept"));
                    Wire client = stage.accepted("client");
                    client.send(stage.subscribe(1, "$share/g/" + stage.topic("t"), 0));
                    client.await(Packets.SUBACK, 1);
                    client.probe();
                    stage.settle();
                    return Verdict.last(client, Packets.SUBACK, 0).and(Verdict.delivered(client));
                });
    }

    private static void beside(Book book) {
        book.add(
                "shared beside not shared",
                "one client, subscribed to `t` and `$share/g/t`; a message",
                Law.of("They are two subscriptions: two copies").v5("§4.8.2, MQTT-3.8.4-3"),
                stage -> {
                    Wire client = stage.accepted("client");
                    stage.subscribed(client, stage.topic("t"), 0);
                    stage.subscribed(client, "$share/g/" + stage.topic("t"), 0);
                    stage.publishes(stage.publish("t").payload("x"));
                    client.await(Packets.PUBLISH, 2);
                    stage.settle();
                    return Verdict.delivered(client, "x", "x");
                });
        book.add(
                "UNSUBSCRIBE from the filter of a share",
                "subscribed to `$share/g/t`; UNSUBSCRIBE from `t`; a message",
                Law.of("Filters are compared character by character: the share stays")
                        .v5("MQTT-3.10.4-1"),
                stage -> {
                    Wire client = stage.subscribed(stage.accepted("client"), "$share/g/" + stage.topic("t"), 0);
                    client.send(Packets.unsubscribe(stage.version(), 2, stage.topic("t")));
                    client.await(Packets.UNSUBACK, 1);
                    stage.publishes(stage.publish("t").payload("x"));
                    client.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return Verdict.delivered(client, "x");
                });
        book.add(
                "two groups",
                "a client each in `$share/g/t` and `$share/h/t`; a message",
                Law.of("One copy for each group").v5("§4.8.2"),
                stage -> {
                    Wire one = stage.subscribed(stage.accepted("in g"), "$share/g/" + stage.topic("t"), 0);
                    Wire other = stage.subscribed(stage.accepted("in h"), "$share/h/" + stage.topic("t"), 0);
                    stage.publishes(stage.publish("t").payload("x"));
                    one.await(Packets.PUBLISH, 1);
                    other.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return Verdict.delivered(one, "x").and(Verdict.delivered(other, "x"));
                });
    }

    private static void failing(Book book) {
        book.add(
                "PUBACK with an error in a group",
                "two clients in a group; whoever gets the QoS 1 message answers PUBACK 0x83",
                Law.of("Discard the message: no other member gets it").v5("MQTT-4.8.2-6"),
                stage -> {
                    Wire one = stage.subscribed(stage.accepted("one"), "$share/g/" + stage.topic("t"), 1);
                    Wire other = stage.subscribed(stage.accepted("other"), "$share/g/" + stage.topic("t"), 1);
                    stage.publishes(stage.publish("t").qos(1, 1).payload("x"));
                    for (Wire wire : new Wire[] {one, other}) {
                        wire.all(Packets.PUBLISH)
                                .forEach(message ->
                                        wire.send(Packets.acknowledgement(Packets.PUBACK, message.packetId(), 0x83)));
                        wire.probe();
                    }
                    stage.settle();
                    int copies = count(one.hides(Packets.PUBLISH)) + count(other.hides(Packets.PUBLISH));
                    stage.note("PUBLISH to " + copies + " of them");
                    return Verdict.that(copies == 1, copies + " copies");
                });
    }

    private static int count(Wire wire) {
        return wire.all(Packets.PUBLISH).size();
    }
}
