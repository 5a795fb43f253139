/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Sequence;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Packets.Filter;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Publish;
import io.bascule.benchmarks.odd.wire.Received;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.List;

/** Retained messages, and what expires. */
public final class Retaining {
    private static final int RETAIN_AS_PUBLISHED = 0x08;
    private static final int ONLY_IF_NEW = 0x10;
    private static final int NEVER = 0x20;
    private static final int EXPIRY_MILLIS = 2_200;

    private Retaining() {}

    /** Adds them. */
    public static void addTo(Book book) {
        empty(book);
        again(book);
        asPublished(book);
        qos(book);
        expiry(book);
    }

    private static void empty(Book book) {
        book.add(
                "retained message of no bytes",
                "a retained message, then an empty one; a client is subscribed, another subscribes afterwards",
                Law.of("The subscriber gets both, RETAIN 0; whoever comes later gets none")
                        .v311("MQTT-3.3.1-10, MQTT-3.3.1-11, MQTT-3.3.1-9")
                        .v5("MQTT-3.3.1-6, MQTT-3.3.1-7, MQTT-3.3.1-12"),
                stage -> {
                    Wire witness = stage.witness("witness", "t", 0);
                    stage.publishes(
                            stage.publish("t").retain().payload("kept"),
                            stage.publish("t").retain());
                    Wire later = subscribe(stage, "later", "t", 0);
                    return Verdict.delivered(witness, "kept", "")
                            .and(retain(witness, false, false))
                            .and(Verdict.delivered(later));
                });
        book.add(
                "RETAIN 0 leaves what is retained",
                "a retained message, then one with RETAIN 0; a client subscribes afterwards",
                Law.of("It gets the retained one, RETAIN 1")
                        .v311("MQTT-3.3.1-12, MQTT-3.3.1-8")
                        .v5("MQTT-3.3.1-8, MQTT-3.3.1-9"),
                stage -> {
                    stage.publishes(
                            stage.publish("t").retain().payload("kept"),
                            stage.publish("t").payload("passing"));
                    Wire later = subscribe(stage, "later", "t", 0);
                    later.await(Packets.PUBLISH, 1);
                    return Verdict.delivered(later, "kept").and(retain(later, true));
                });
    }

    /** Another client subscribes, and has got what comes by that. */
    private static Wire subscribe(Stage stage, String name, String rest, int options) throws Exception {
        Wire wire = stage.accepted(name).acknowledges();
        wire.send(stage.subscribe(1, stage.topic(rest), options));
        Stage.require(wire.await(Packets.SUBACK, 1), "no SUBACK");
        wire.hides(Packets.SUBACK).probe();
        stage.settle();
        return wire;
    }

    private static Verdict retain(Wire wire, Boolean... flags) {
        List<Boolean> actual =
                wire.all(Packets.PUBLISH).stream().map(Received::retain).toList();
        return Verdict.that(actual.equals(List.of(flags)), "RETAIN " + actual);
    }

    private static void again(Book book) {
        String twice = "a retained message; SUBSCRIBE to it twice";
        Law always = Law.of("Sent for each SUBSCRIBE")
                .v311("MQTT-3.8.4-3, MQTT-3.3.1-6")
                .v5("MQTT-3.3.1-9, MQTT-3.8.4-4");
        book.add("retained message, subscribed twice", twice, always, again(0, 2));
        Law once = Law.of("Sent for a subscription that is new, and only then").v5("MQTT-3.3.1-10");
        book.add("Retain Handling 1", twice + " with Retain Handling 1", once, again(ONLY_IF_NEW, 1));
        Law never = Law.of("Not sent").v5("MQTT-3.3.1-11");
        book.add("Retain Handling 2", twice + " with Retain Handling 2", never, again(NEVER, 0));
        book.add(
                "Retain Handling 1 after UNSUBSCRIBE",
                "a retained message; SUBSCRIBE with Retain Handling 1, UNSUBSCRIBE, SUBSCRIBE again",
                once,
                stage -> {
                    stage.publishes(stage.publish("t").retain().payload("kept"));
                    Wire client = subscribe(stage, "client", "t", ONLY_IF_NEW).hides(Packets.UNSUBACK);
                    client.send(Packets.unsubscribe(stage.version(), 2, stage.topic("t")));
                    client.await(Packets.UNSUBACK, 1);
                    client.forget().send(stage.subscribe(3, stage.topic("t"), ONLY_IF_NEW));
                    client.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return Verdict.delivered(client, "kept");
                });
        book.add(
                "retained message, overlapping filters in one SUBSCRIBE",
                "a retained message to `t`; SUBSCRIBE to `t` and `+` at once",
                Law.of("As two SUBSCRIBE: sent for each")
                        .v311("MQTT-3.8.4-4, MQTT-3.3.1-6")
                        .v5("MQTT-3.8.4-5, MQTT-3.3.1-9"),
                stage -> {
                    stage.publishes(stage.publish("t").retain().payload("kept"));
                    Wire client = stage.accepted("client");
                    client.send(Packets.subscribe(
                            stage.version(), 1, new Filter(stage.topic("t"), 0), new Filter(stage.topic("+"), 0)));
                    client.await(Packets.PUBLISH, 2);
                    client.hides(Packets.SUBACK).probe();
                    stage.settle();
                    return Verdict.delivered(client, "kept", "kept");
                });
    }

    private static Sequence.Play again(int options, int times) {
        return stage -> {
            stage.publishes(stage.publish("t").retain().payload("kept"));
            Wire client = subscribe(stage, "client", "t", options);
            client.send(stage.subscribe(2, stage.topic("t"), options));
            client.await(Packets.SUBACK, 2);
            client.await(Packets.PUBLISH, times);
            client.probe();
            stage.settle();
            return Verdict.count(client, Packets.PUBLISH, times);
        };
    }

    private static void asPublished(Book book) {
        String does = "a subscriber with Retain As Published %d; a retained message, then one with RETAIN 0";
        book.add(
                "Retain As Published 1",
                does.formatted(1),
                Law.of("RETAIN as it was published").v5("MQTT-3.3.1-13"),
                asPublished(RETAIN_AS_PUBLISHED, true));
        book.add(
                "Retain As Published 0",
                does.formatted(0),
                Law.of("RETAIN 0").v5("MQTT-3.3.1-12"),
                asPublished(0, false));
    }

    private static Sequence.Play asPublished(int options, boolean first) {
        return stage -> {
            Wire witness = subscribe(stage, "witness", "t", options);
            stage.publishes(
                    stage.publish("t").retain().payload("kept"),
                    stage.publish("t").payload("passing"));
            witness.await(Packets.PUBLISH, 2);
            stage.settle();
            return retain(witness, first, false);
        };
    }

    private static void qos(Book book) {
        book.add(
                "retained message of QoS 2, subscribed at QoS 1",
                "a retained message of QoS 2; SUBSCRIBE to it at QoS 1",
                Law.of("The lesser of the two")
                        .v311("MQTT-3.3.1-5, MQTT-3.8.4-3")
                        .v5("MQTT-3.8.4-8"),
                stage -> {
                    stage.publishes(stage.publish("t").retain().qos(2, 1).payload("kept"));
                    Wire later = subscribe(stage, "later", "t", 1);
                    later.await(Packets.PUBLISH, 1);
                    List<Integer> qos = later.all(Packets.PUBLISH).stream()
                            .map(Received::qos)
                            .toList();
                    return Verdict.that(qos.equals(List.of(1)), "QoS " + qos);
                });
    }

    private static void expiry(Book book) {
        Law expired = Law.of("Expired before delivery has begun: not sent").v5("MQTT-3.3.2-5");
        book.add(
                "retained message that has expired",
                "a retained message with Message Expiry Interval 1 s; SUBSCRIBE after 2.2 s",
                expired,
                stage -> {
                    stage.publishes(expiring(stage, 1).retain());
                    stage.pause(EXPIRY_MILLIS);
                    return Verdict.delivered(subscribe(stage, "later", "t", 0));
                });
        book.add(
                "queued message that has expired",
                "an offline session; QoS 1 messages with 1 s and without; the session resumes after 2.2 s",
                expired,
                stage -> {
                    stage.leaveSession("client", stage.topic("t"), 1);
                    stage.publishes(
                            expiring(stage, 1).qos(1, 1),
                            stage.publish("t").qos(1, 2).payload("lasting"));
                    stage.pause(EXPIRY_MILLIS);
                    Wire client = stage.acknowledging(
                            "client", stage.connect("client").lasting(1000));
                    client.await(Packets.PUBLISH, 1);
                    client.probe();
                    stage.settle();
                    return Verdict.delivered(client, "lasting");
                });
        book.add(
                "queued message with Message Expiry Interval 0",
                "an offline session; QoS 1 messages with 0 s and without; the session resumes",
                expired,
                stage -> {
                    stage.leaveSession("client", stage.topic("t"), 1);
                    stage.publishes(
                            expiring(stage, 0).qos(1, 1),
                            stage.publish("t").qos(1, 2).payload("lasting"));
                    Wire client = stage.acknowledging(
                            "client", stage.connect("client").lasting(1000));
                    client.await(packet -> packet.text().equals("lasting"));
                    client.probe();
                    stage.settle();
                    return Verdict.delivered(client, "lasting");
                });
        book.add(
                "Message Expiry Interval after a wait",
                "an offline session; a QoS 1 message with 100 s; the session resumes after 2.2 s",
                Law.of("Sent with what is left: 97 or 98 s").v5("MQTT-3.3.2-6"),
                stage -> {
                    stage.leaveSession("client", stage.topic("t"), 1);
                    stage.publishes(expiring(stage, 100).qos(1, 1));
                    stage.pause(EXPIRY_MILLIS);
                    Wire client =
                            stage.accepted("client", stage.connect("client").lasting(1000));
                    Stage.require(client.await(Packets.PUBLISH, 1), "nothing is delivered");
                    long rest = client.all(Packets.PUBLISH).get(0).number(Properties.MESSAGE_EXPIRY_INTERVAL, -1);
                    stage.settle();
                    client.hides(Packets.PUBLISH);
                    stage.note(rest == 97 || rest == 98 ? "97 or 98 s" : rest + " s");
                    return Verdict.that(rest == 97 || rest == 98, rest + " s");
                });
    }

    private static Publish expiring(Stage stage, int seconds) {
        return stage.publish("t")
                .payload("expiring")
                .properties(new Properties().four(Properties.MESSAGE_EXPIRY_INTERVAL, seconds));
    }
}
