/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Received;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.List;

/** Several subscriptions of one client that match a message, subscriptions that are replaced, and No Local. */
public final class Overlapping {
    private static final int NO_LOCAL = 0x04;

    private Overlapping() {}

    /** Adds them. */
    public static void addTo(Book book) {
        overlaps(book);
        replaced(book);
        noLocal(book);
    }

    /** The identifiers of all messages that have come, in ascending order. */
    static List<Long> identifiers(Wire client) {
        return client.all(Packets.PUBLISH).stream()
                .flatMap(message -> message.values(Properties.SUBSCRIPTION_IDENTIFIER).stream())
                .map(Long.class::cast)
                .sorted()
                .toList();
    }

    private static void overlaps(Book book) {
        book.add(
                "overlapping subscriptions",
                "subscribed to `t` at QoS 0, `+` at QoS 2, `#` at QoS 1; a QoS 2 message to `t`",
                Law.of("The greatest QoS of all that match; one copy or one for each")
                        .v311("MQTT-3.3.5-1")
                        .v5("MQTT-3.3.4-2"),
                stage -> {
                    Wire client = stage.accepted("client").acknowledges();
                    stage.subscribed(client, stage.topic("t"), 0);
                    stage.subscribed(client, stage.topic("+"), 2);
                    stage.subscribed(client, stage.topic("#"), 1);
                    stage.publishes(stage.publish("t").qos(2, 1).payload("x"));
                    client.await(packet -> packet.type() == Packets.PUBLISH && packet.qos() == 2);
                    stage.settle();
                    int copies = client.all(Packets.PUBLISH).size();
                    boolean greatest = client.all(Packets.PUBLISH).stream().anyMatch(message -> message.qos() == 2);
                    return Verdict.that(greatest, "not at QoS 2").and(Verdict.that(copies <= 3, copies + " copies"));
                });
        book.add(
                "overlapping subscriptions with identifiers",
                "subscribed to `t` (1), `+` (2) and `#` (none); a message to `t`",
                Law.of("One copy with both identifiers, or one for each subscription with its own")
                        .v5("MQTT-3.3.4-3, MQTT-3.3.4-4, MQTT-3.3.4-5"),
                stage -> {
                    Wire client = stage.accepted("client");
                    subscribe(stage, client, "t", 1);
                    subscribe(stage, client, "+", 2);
                    stage.subscribed(client, stage.topic("#"), 0);
                    stage.publishes(stage.publish("t").payload("x"));
                    client.await(Packets.PUBLISH, 1);
                    stage.settle();
                    int copies = client.all(Packets.PUBLISH).size();
                    return Verdict.that(
                                    identifiers(client).equals(List.of(1L, 2L)), "identifiers " + identifiers(client))
                            .and(Verdict.that(copies == 1 || copies == 3, copies + " copies"));
                });
    }

    private static void subscribe(Stage stage, Wire client, String rest, int identifier) {
        client.send(stage.subscribe(
                1, new Properties().variable(Properties.SUBSCRIPTION_IDENTIFIER, identifier), stage.topic(rest), 0));
        Stage.require(client.await(Packets.SUBACK, 1), "no SUBACK");
        client.forget();
    }

    private static void replaced(Book book) {
        Law law = Law.of("The later subscription replaces the earlier, identifier and all")
                .v5("MQTT-3.8.4-3, MQTT-3.3.4-3");
        book.add("identifier replaced", "subscribed to `t` (1), then to `t` (2); a message", law, stage -> {
            Wire client = stage.accepted("client");
            subscribe(stage, client, "t", 1);
            subscribe(stage, client, "t", 2);
            return identified(stage, client, List.of(2L));
        });
        book.add("identifier dropped", "subscribed to `t` (1), then to `t` without; a message", law, stage -> {
            Wire client = stage.accepted("client");
            subscribe(stage, client, "t", 1);
            stage.subscribed(client, stage.topic("t"), 0);
            return identified(stage, client, List.of());
        });
        book.add(
                "QoS replaced",
                "subscribed to `t` at QoS 2, then at QoS 0; a QoS 2 message",
                Law.of("The later subscription replaces the earlier: one copy, QoS 0")
                        .v311("MQTT-3.8.4-3")
                        .v5("MQTT-3.8.4-3"),
                stage -> {
                    Wire client = stage.accepted("client").acknowledges();
                    stage.subscribed(client, stage.topic("t"), 2);
                    stage.subscribed(client, stage.topic("t"), 0);
                    stage.publishes(stage.publish("t").qos(2, 1).payload("x"));
                    client.await(Packets.PUBLISH, 1);
                    stage.settle();
                    List<Integer> qos = client.all(Packets.PUBLISH).stream()
                            .map(Received::qos)
                            .toList();
                    return Verdict.that(qos.equals(List.of(0)), "QoS " + qos);
                });
    }

    private static Verdict identified(Stage stage, Wire client, List<Long> identifiers) throws Exception {
        stage.publishes(stage.publish("t").payload("x"));
        client.await(Packets.PUBLISH, 1);
        stage.settle();
        return Verdict.delivered(client, "x")
                .and(Verdict.that(identifiers(client).equals(identifiers), "identifiers " + identifiers(client)));
    }

    private static void noLocal(Book book) {
        Law law = Law.of("Not to the client that publishes").v5("MQTT-3.8.3-3");
        book.add("No Local", "a client subscribes with No Local and publishes; so does another client", law, stage -> {
            Wire client = stage.subscribed(stage.accepted("client"), stage.topic("t"), NO_LOCAL);
            client.send(stage.bytes(stage.publish("t").payload("own")));
            client.probe();
            stage.publishes(stage.publish("t").payload("other"));
            client.await(Packets.PUBLISH, 1);
            stage.settle();
            return Verdict.delivered(client, "other");
        });
        book.add(
                "No Local beside a subscription without",
                "subscribed to `t` with No Local and to `+` without; the client publishes to `t`",
                Law.of("No Local is of its subscription alone: deliver by the other, once")
                        .v5("MQTT-3.8.3-3, MQTT-4.5.0-1"),
                stage -> {
                    Wire client = stage.accepted("client");
                    stage.subscribed(client, stage.topic("t"), NO_LOCAL);
                    stage.subscribed(client, stage.topic("+"), 0);
                    client.send(stage.bytes(stage.publish("t").payload("own")));
                    client.probe();
                    client.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return Verdict.delivered(client, "own");
                });
        book.add(
                "own will and No Local",
                "a client with a will subscribes with No Local in a session that lasts, is cut off, and comes back",
                Law.of("Its will is its own message: not delivered to it").v5("MQTT-3.8.3-3"),
                stage -> {
                    Wire witness = stage.witness("witness", "t", 0);
                    Wire before = stage.accepted(
                            "before",
                            stage.connect("client")
                                    .will(stage.topic("t"), "gone", 1, false)
                                    .lasting(100));
                    stage.subscribed(before, stage.topic("t"), NO_LOCAL | 1);
                    before.cut();
                    Stage.require(witness.await(Packets.PUBLISH, 1), "no will");
                    Wire client =
                            stage.accepted("client", stage.connect("client").lasting(100));
                    client.probe();
                    stage.settle();
                    return Verdict.delivered(client);
                });
    }
}
