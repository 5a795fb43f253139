/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Connect;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Received;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.List;

/** What a client allows, from one connection to the next: Receive Maximum, Maximum Packet Size, Topic Alias Maximum. */
public final class Windows {
    private static final int SMALL = 64;
    private static final int MANY = 20;
    private static final int EXPIRED_MILLIS = 2_200;
    private static final long LASTING = 1000;

    private Windows() {}

    /** Adds them. */
    public static void addTo(Book book) {
        quota(book);
        narrower(book);
        order(book);
        expiry(book);
        aliases(book);
    }

    private static Connect connect(Stage stage, int property, int value) {
        Properties properties = new Properties().four(Properties.SESSION_EXPIRY_INTERVAL, LASTING);
        return stage.connect("client")
                .resume()
                .properties(
                        property == Properties.MAXIMUM_PACKET_SIZE
                                ? properties.four(property, value)
                                : properties.two(property, value));
    }

    private static void quota(Book book) {
        book.add(
                "quota after PUBREC with an error",
                "Receive Maximum 1, two QoS 2 messages; PUBREC 0x97 for the first",
                Law.of("The first is done: the second is sent").v5("MQTT-3.3.4-9, §4.9"),
                stage -> {
                    Wire client = stage.accepted("client", connect(stage, Properties.RECEIVE_MAXIMUM, 1));
                    stage.subscribed(client, stage.topic("t"), 2);
                    stage.publishes(
                            stage.publish("t").qos(2, 1).payload("1"),
                            stage.publish("t").qos(2, 2).payload("2"));
                    Stage.require(client.await(Packets.PUBLISH, 1), "nothing is delivered");
                    client.send(
                            Packets.acknowledgement(Packets.PUBREC, ids(client).get(0), Codes.QUOTA_EXCEEDED));
                    client.await(Packets.PUBLISH, 2);
                    stage.settle();
                    stage.note("PUBREL ×"
                            + client.hides(Packets.PUBREL).all(Packets.PUBREL).size());
                    return Verdict.delivered(client, "1", "2").and(Verdict.count(client, Packets.PUBREL, 0));
                });
        book.add(
                "quota with PUBREL pending",
                "Receive Maximum 1, two QoS 2 messages; the first up to PUBREL; cut; the session resumes, PUBCOMP",
                Law.of("PUBREL again, then the second message").v5("MQTT-4.4.0-1, MQTT-3.3.4-9, §4.9"),
                stage -> {
                    Wire before = stage.accepted("before", connect(stage, Properties.RECEIVE_MAXIMUM, 1));
                    stage.subscribed(before, stage.topic("t"), 2);
                    stage.publishes(
                            stage.publish("t").qos(2, 1).payload("1"),
                            stage.publish("t").qos(2, 2).payload("2"));
                    Stage.require(before.await(Packets.PUBLISH, 1), "nothing is delivered");
                    before.send(
                            Packets.acknowledgement(Packets.PUBREC, ids(before).get(0)));
                    Stage.require(before.await(Packets.PUBREL, 1), "no PUBREL");
                    stage.cut(before.forget());
                    Wire client = stage.acknowledging("client", connect(stage, Properties.RECEIVE_MAXIMUM, 1));
                    client.await(Packets.PUBLISH, 1);
                    client.hides(Packets.PUBREL).hides(Packets.PUBLISH).probe();
                    stage.settle();
                    stage.note("PUBREL ×" + client.all(Packets.PUBREL).size() + ", PUBLISH ×"
                            + client.all(Packets.PUBLISH).size());
                    return Verdict.delivered(client, "2").and(Verdict.count(client, Packets.PUBREL, 2));
                });
        book.add(
                "20 retained messages, Receive Maximum 5",
                "SUBSCRIBE at QoS 1 to 20 retained messages; each is acknowledged",
                Law.of("All of them, once, five at a time").v5("MQTT-3.3.1-9, MQTT-3.3.4-9"),
                stage -> {
                    for (int i = 0; i < MANY; i++) {
                        stage.publishes(
                                stage.publish("t/" + i).retain().qos(1, 1).payload("x"));
                    }
                    Wire client = stage.acknowledging("client", connect(stage, Properties.RECEIVE_MAXIMUM, 5));
                    client.send(stage.subscribe(1, stage.topic("t/+"), 1));
                    client.await(Packets.PUBLISH, MANY);
                    client.hides(Packets.PUBLISH).probe();
                    stage.settle();
                    long topics = client.all(Packets.PUBLISH).stream()
                            .map(Received::topic)
                            .distinct()
                            .count();
                    int copies = client.all(Packets.PUBLISH).size();
                    stage.note(copies + " messages of " + topics + " topics");
                    return Verdict.that(copies == MANY && topics == MANY, copies + " of " + topics);
                });
    }

    private static List<Integer> ids(Wire client) {
        return client.all(Packets.PUBLISH).stream().map(Received::packetId).toList();
    }

    private static void narrower(Book book) {
        book.add(
                "resume with a smaller Receive Maximum",
                "three QoS 1 messages in flight; cut; the session resumes with Receive Maximum 1; each is acknowledged after a PINGREQ",
                Law.of("One at a time, also of what is sent again").v5("MQTT-3.3.4-9, MQTT-4.9.0-1, MQTT-4.4.0-1"),
                stage -> {
                    stage.cut(stage.threeInFlight().forget());
                    Wire client = stage.accepted("client", connect(stage, Properties.RECEIVE_MAXIMUM, 1));
                    Verdict verdict = Verdict.RIGHT;
                    for (int i = 1; i <= 3; i++) {
                        client.await(Packets.PUBLISH, i);
                        client.probe();
                        verdict = verdict.and(Verdict.count(client, Packets.PUBLISH, i));
                        List<Integer> ids = ids(client);
                        if (ids.size() >= i) {
                            client.send(Packets.acknowledgement(Packets.PUBACK, ids.get(i - 1)));
                        }
                    }
                    stage.settle();
                    return verdict.and(Verdict.delivered(client, "1", "2", "3"));
                });
        book.add(
                "resume with a smaller Maximum Packet Size",
                "a QoS 1 message of 200 bytes in flight; cut; the session resumes with Maximum Packet Size 64; a small message",
                Law.of("The large one counts as delivered, the small one is sent")
                        .v5("MQTT-3.1.2-24, MQTT-3.1.2-25"),
                stage -> {
                    Wire before =
                            stage.accepted("before", stage.connect("client").lasting(LASTING));
                    stage.subscribed(before, stage.topic("t"), 1);
                    stage.delivers(before, stage.publish("t").qos(1, 1).payload("l".repeat(200)));
                    stage.cut(before.forget());
                    Wire client = stage.acknowledging("client", connect(stage, Properties.MAXIMUM_PACKET_SIZE, SMALL));
                    stage.publishes(stage.publish("t").qos(1, 2).payload("small"));
                    client.await(Packets.PUBLISH, 1);
                    client.probe();
                    stage.settle();
                    return Verdict.open(client).and(Verdict.delivered(client, "small"));
                });
    }

    private static void order(Book book) {
        book.add(
                "order across two connections",
                "QoS 1 messages 1 to 3 in flight; cut; 4 to 6 are published; the session resumes; 7 to 9 are published",
                Law.of("1 to 9 in order, the first three with DUP 1")
                        .v311("MQTT-4.4.0-1, MQTT-4.6.0-6")
                        .v5("MQTT-4.4.0-1, MQTT-4.6.0-5"),
                stage -> {
                    stage.cut(stage.threeInFlight().forget());
                    stage.publishes(stage.numbered(4, 6));
                    Wire client = stage.acknowledging(
                            "client", stage.connect("client").lasting(LASTING));
                    stage.publishes(stage.numbered(7, 9));
                    client.await(Packets.PUBLISH, 9);
                    client.hides(Packets.PUBLISH).probe();
                    stage.settle();
                    List<String> came = client.all(Packets.PUBLISH).stream()
                            .map(message -> message.text() + (message.dup() ? " DUP" : ""))
                            .toList();
                    stage.note(String.join(", ", came));
                    return Verdict.that(
                            came.equals(List.of("1 DUP", "2 DUP", "3 DUP", "4", "5", "6", "7", "8", "9")),
                            "order " + came);
                });
    }

    private static void expiry(Book book) {
        book.add(
                "expiry of what is in flight",
                "a QoS 2 message with Message Expiry Interval 1 s, delivered, not answered; cut; the session resumes after 2.2 s",
                Law.of("No expiry once it has been sent: again, DUP 1").v5("MQTT-4.3.3-7, MQTT-4.4.0-1"),
                stage -> {
                    Wire before =
                            stage.accepted("before", stage.connect("client").lasting(LASTING));
                    stage.subscribed(before, stage.topic("t"), 2);
                    stage.delivers(
                            before,
                            stage.publish("t")
                                    .qos(2, 1)
                                    .payload("x")
                                    .properties(new Properties().four(Properties.MESSAGE_EXPIRY_INTERVAL, 1)));
                    stage.cut(before.forget());
                    stage.pause(EXPIRED_MILLIS);
                    Wire client =
                            stage.accepted("client", stage.connect("client").lasting(LASTING));
                    client.await(Packets.PUBLISH, 1);
                    client.probe();
                    stage.settle();
                    boolean dup = client.all(Packets.PUBLISH).stream().allMatch(Received::dup);
                    return Verdict.delivered(client, "x").and(Verdict.that(dup, "DUP is 0"));
                });
    }

    private static void aliases(Book book) {
        book.add(
                "Topic Alias Maximum 1 of a client",
                "a client that takes one alias; messages to `a`, `b`, `a`, `b`, `a`",
                Law.of("Aliases of at most 1, each set before it is used").v5("MQTT-3.1.2-26, MQTT-3.3.2-11"),
                stage -> {
                    Wire client = stage.accepted("client", connect(stage, Properties.TOPIC_ALIAS_MAXIMUM, 1));
                    stage.subscribed(client, stage.topic("+"), 0);
                    for (String topic : List.of("a", "b", "a", "b", "a")) {
                        stage.publishes(stage.publish(topic).payload(topic));
                    }
                    return resolvesTo(stage, client, List.of("a", "b", "a", "b", "a"));
                });
        book.add(
                "Topic Alias and a message too large",
                "a client that takes one alias and packets of 64 bytes; messages of 200, 1 and 1 bytes to one topic",
                Law.of("What is not sent sets no alias: the next has its topic")
                        .v5("MQTT-3.1.2-24, MQTT-3.1.2-25, §3.3.2.3.4"),
                stage -> {
                    Connect connect = stage.connect("client")
                            .properties(new Properties()
                                    .two(Properties.TOPIC_ALIAS_MAXIMUM, 1)
                                    .four(Properties.MAXIMUM_PACKET_SIZE, SMALL));
                    Wire client = stage.subscribed(stage.accepted("client", connect), stage.topic("+"), 0);
                    stage.publishes(
                            stage.publish("a").payload("x".repeat(200)),
                            stage.publish("a").payload("x"),
                            stage.publish("a").payload("x"));
                    return resolvesTo(stage, client, List.of("a", "a"));
                });
        book.add(
                "Topic Alias of the server, and the next connection",
                "a client that takes one alias gets two QoS 1 messages to `t`, unanswered; cut; the session resumes without aliases",
                Law.of("An alias ends with its connection: both again with their topic")
                        .v5("MQTT-3.3.2-7, MQTT-3.1.2-27, MQTT-4.4.0-1"),
                stage -> {
                    stage.leaveSession("client", stage.topic("t"), 1);
                    stage.publishes(stage.numbered(1, 2));
                    Wire before = stage.accepted("before", connect(stage, Properties.TOPIC_ALIAS_MAXIMUM, 1));
                    Stage.require(before.await(Packets.PUBLISH, 2), "not all is delivered");
                    stage.cut(before.forget());
                    Wire client =
                            stage.accepted("client", stage.connect("client").lasting(LASTING));
                    Verdict resolved = resolvesTo(stage, client, List.of("t", "t"));
                    boolean used = client.all(Packets.PUBLISH).stream()
                            .anyMatch(message -> message.number(Properties.TOPIC_ALIAS, 0) != 0);
                    return resolved.and(Verdict.that(!used, "there is an alias"));
                });
    }

    private static Verdict resolvesTo(Stage stage, Wire client, List<String> expected) {
        client.await(Packets.PUBLISH, expected.size());
        client.hides(Packets.PUBLISH).probe();
        stage.settle();
        List<String> topics = resolved(stage, client);
        stage.note(String.join(", ", topics));
        return Verdict.that(topics.equals(expected), "topics " + topics);
    }

    /** The topics that the client makes of what it has got, {@code ?} where it cannot tell. */
    private static List<String> resolved(Stage stage, Wire client) {
        String[] alias = {"?"};
        return client.all(Packets.PUBLISH).stream()
                .map(message -> {
                    long number = message.number(Properties.TOPIC_ALIAS, 0);
                    if (number > 1) {
                        return "alias " + number;
                    }
                    String topic = message.topic().replace(stage.prefix(), "");
                    if (number == 1 && !topic.isEmpty()) {
                        alias[0] = topic;
                    }
                    return topic.isEmpty() ? alias[0] : topic;
                })
                .toList();
    }
}
