/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.PACKET_IDENTIFIER_IN_USE;
import static io.bascule.benchmarks.odd.sequences.Codes.PACKET_IDENTIFIER_NOT_FOUND;
import static io.bascule.benchmarks.odd.sequences.Codes.PROTOCOL_ERROR;
import static io.bascule.benchmarks.odd.sequences.Codes.RECEIVE_MAXIMUM_EXCEEDED;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Received;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.List;
import java.util.stream.IntStream;

/** QoS 1 and 2 from a client to the server. */
public final class Receiving {
    private static final int MANY = 500;
    private static final int LARGEST_RECEIVE_MAXIMUM = 65_535;

    private Receiving() {}

    /** Adds them. */
    public static void addTo(Book book) {
        unknown(book);
        again(book);
        resumed(book);
        many(book);
    }

    private static void unknown(Book book) {
        book.add(
                "PUBREL for an unknown identifier",
                "PUBREL 7, and nothing before",
                Law.of("PUBCOMP; in 5.0 it may say 0x92").v311("MQTT-4.3.3-2").v5("MQTT-4.3.3-11, §3.7.2.1"),
                stage -> {
                    Wire client = odd(stage, Packets.acknowledgement(Packets.PUBREL, 7));
                    int[] codes = stage.version().hasProperties()
                            ? new int[] {0, PACKET_IDENTIFIER_NOT_FOUND}
                            : new int[] {0};
                    return Verdict.last(client, Packets.PUBCOMP, codes).and(Verdict.open(client));
                });
        book.add(
                "PUBREC for an unknown identifier",
                "PUBREC 7, and nothing delivered",
                Law.of("PUBREL, else the client never ends; in 5.0 it may say 0x92")
                        .v311("MQTT-4.3.3-1")
                        .v5("MQTT-4.3.3-4, §3.6.2.1"),
                stage -> {
                    Wire client = odd(stage, Packets.acknowledgement(Packets.PUBREC, 7));
                    int[] codes = stage.version().hasProperties()
                            ? new int[] {0, PACKET_IDENTIFIER_NOT_FOUND}
                            : new int[] {0};
                    return Verdict.last(client, Packets.PUBREL, codes).and(Verdict.open(client));
                });
        Law nothing = Law.of("Nothing to answer; close only as a protocol error")
                .v311("§3.4, MQTT-4.8.0-1")
                .v5("§3.4, MQTT-4.13.1-1");
        for (int type : List.of(Packets.PUBACK, Packets.PUBCOMP)) {
            String name = type == Packets.PUBACK ? "PUBACK" : "PUBCOMP";
            book.add(name + " for an unknown identifier", name + " 7, and nothing delivered", nothing, stage -> {
                Wire client = odd(stage, Packets.acknowledgement(type, 7));
                return Verdict.that(client.packets().isEmpty(), "there is an answer")
                        .and(Verdict.open(client))
                        .or(Verdict.closed(client, PROTOCOL_ERROR));
            });
        }
    }

    private static Wire odd(Stage stage, byte[] packet) throws Exception {
        Wire client = stage.accepted("client");
        client.send(packet);
        client.probe();
        stage.settle();
        return client;
    }

    private static void again(Book book) {
        Law once =
                Law.of("PUBREC for each, delivered once").v311("MQTT-4.3.3-2").v5("MQTT-4.3.3-10");
        book.add("QoS 2 twice before PUBREL", "PUBLISH QoS 2 id 7 twice, the second with DUP; PUBREL", once, stage -> {
            Wire witness = stage.witness("witness", "t", 0);
            Wire client = stage.accepted("client");
            byte[] first = stage.bytes(stage.publish("t").qos(2, 7).payload("x"));
            byte[] second = stage.bytes(stage.publish("t").qos(2, 7).dup().payload("x"));
            return handshake(stage, client, first, second)
                    .and(Verdict.count(client, Packets.PUBREC, 2))
                    .and(Verdict.delivered(witness, "x"));
        });
        book.add(
                "QoS 2 twice before PUBREL, without DUP",
                "PUBLISH QoS 2 id 7 twice, both with DUP 0; PUBREL",
                Law.of("PUBREC for each, delivered once; 5.0 may say 0x91, identifier in use")
                        .v311("MQTT-4.3.3-2")
                        .v5("MQTT-4.3.3-10, §3.5.2.1"),
                stage -> {
                    Wire witness = stage.witness("witness", "t", 0);
                    Wire client = stage.accepted("client");
                    byte[] packet = stage.bytes(stage.publish("t").qos(2, 7).payload("x"));
                    return handshake(stage, client, packet, packet)
                            .and(Verdict.count(client, Packets.PUBREC, 2))
                            .or(Verdict.closed(client, PACKET_IDENTIFIER_IN_USE, PROTOCOL_ERROR))
                            .and(Verdict.delivered(witness, "x"));
                });
        Law fresh = Law.of("After PUBCOMP the identifier is free: a new message, whatever DUP says")
                .v311("MQTT-4.3.3-2")
                .v5("MQTT-4.3.3-12");
        book.add(
                "QoS 2 again after PUBCOMP, with DUP",
                "QoS 2 id 7 to its end, then PUBLISH id 7 with DUP, to its end",
                fresh,
                stage -> {
                    Wire witness = stage.witness("witness", "t", 0);
                    Wire client = stage.accepted("client");
                    return handshake(
                                    stage,
                                    client,
                                    stage.bytes(stage.publish("t").qos(2, 7).payload("one")))
                            .and(handshake(
                                    stage,
                                    client,
                                    stage.bytes(
                                            stage.publish("t").qos(2, 7).dup().payload("two"))))
                            .and(Verdict.delivered(witness, "one", "two"));
                });
        book.add(
                "QoS 1 again after PUBACK, with DUP",
                "PUBLISH QoS 1 id 7, PUBACK, PUBLISH id 7 with DUP",
                Law.of("After PUBACK it is a new message, whatever DUP says")
                        .v311("MQTT-4.3.2-2")
                        .v5("MQTT-4.3.2-5"),
                stage -> {
                    Wire witness = stage.witness("witness", "t", 0);
                    Wire client = stage.accepted("client");
                    client.send(stage.bytes(stage.publish("t").qos(1, 7).payload("one")));
                    client.await(Packets.PUBACK, 1);
                    client.send(stage.bytes(stage.publish("t").qos(1, 7).dup().payload("two")));
                    client.await(Packets.PUBACK, 2);
                    witness.await(Packets.PUBLISH, 2);
                    stage.settle();
                    return Verdict.count(client, Packets.PUBACK, 2).and(Verdict.delivered(witness, "one", "two"));
                });
    }

    /** Publishes, and ends each handshake of identifier 7. */
    private static Verdict handshake(Stage stage, Wire client, byte[]... publishes) {
        int before = client.all(Packets.PUBCOMP).size();
        client.send(publishes);
        client.probe();
        client.send(Packets.acknowledgement(Packets.PUBREL, 7));
        client.await(Packets.PUBCOMP, before + 1);
        stage.settle();
        return Verdict.count(client, Packets.PUBCOMP, before + 1);
    }

    private static void resumed(Book book) {
        book.add(
                "QoS 2 across two connections",
                "PUBLISH QoS 2 id 7, PUBREC; cut; the session resumes, PUBLISH id 7 with DUP, PUBREL",
                Law.of("The session knows the identifier: PUBREC, PUBCOMP, delivered once")
                        .v311("MQTT-4.3.3-2, MQTT-4.1.0-1")
                        .v5("MQTT-4.3.3-10, MQTT-3.1.2-23"),
                stage -> {
                    Wire witness = stage.witness("witness", "t", 0);
                    Wire before =
                            stage.accepted("before", stage.connect("client").lasting(100));
                    before.send(stage.bytes(stage.publish("t").qos(2, 7).payload("x")));
                    before.await(Packets.PUBREC, 1);
                    stage.cut(before.forget());
                    Wire client =
                            stage.accepted("client", stage.connect("client").lasting(100));
                    return handshake(
                                    stage,
                                    client,
                                    stage.bytes(
                                            stage.publish("t").qos(2, 7).dup().payload("x")))
                            .and(Verdict.count(client, Packets.PUBREC, 1))
                            .and(Verdict.delivered(witness, "x"));
                });
        book.add(
                "PUBREL on the next connection",
                "PUBLISH QoS 2 id 7, PUBREC; cut; the session resumes, PUBREL",
                Law.of("PUBCOMP without an error, delivered once")
                        .v311("MQTT-4.3.3-2, MQTT-4.1.0-1")
                        .v5("MQTT-4.3.3-11, MQTT-3.1.2-23"),
                stage -> {
                    Wire witness = stage.witness("witness", "t", 0);
                    Wire before =
                            stage.accepted("before", stage.connect("client").lasting(100));
                    before.send(stage.bytes(stage.publish("t").qos(2, 7).payload("x")));
                    before.await(Packets.PUBREC, 1);
                    stage.cut(before.forget());
                    Wire client =
                            stage.accepted("client", stage.connect("client").lasting(100));
                    return handshake(stage, client)
                            .and(Verdict.last(client, Packets.PUBCOMP, 0))
                            .and(Verdict.delivered(witness, "x"));
                });
    }

    private static void many(Book book) {
        book.add(
                "500 QoS 2 messages in flight",
                "500 PUBLISH QoS 2, and only then 500 PUBREL",
                Law.of("Each acknowledged, delivered once, in order").v311("MQTT-4.3.3-2, MQTT-4.6.0-6"),
                stage -> {
                    Wire witness = stage.witness("witness", "t", 0);
                    Wire client = stage.accepted("client");
                    client.send(IntStream.rangeClosed(1, MANY)
                            .mapToObj(id ->
                                    stage.bytes(stage.publish("t").qos(2, id).payload("" + id)))
                            .toArray(byte[][]::new));
                    client.await(Packets.PUBREC, MANY);
                    client.send(IntStream.rangeClosed(1, MANY)
                            .mapToObj(id -> Packets.acknowledgement(Packets.PUBREL, id))
                            .toArray(byte[][]::new));
                    client.await(Packets.PUBCOMP, MANY);
                    witness.await(Packets.PUBLISH, MANY);
                    stage.settle();
                    List<String> expected = IntStream.rangeClosed(1, MANY)
                            .mapToObj(String::valueOf)
                            .toList();
                    List<String> actual = witness.all(Packets.PUBLISH).stream()
                            .map(Received::text)
                            .toList();
                    stage.note("delivered " + actual.size() + (actual.equals(expected) ? " in order" : ""));
                    witness.hides(Packets.PUBLISH);
                    return Verdict.count(client, Packets.PUBREC, MANY)
                            .and(Verdict.count(client, Packets.PUBCOMP, MANY))
                            .and(Verdict.that(actual.equals(expected), actual.size() + " delivered"));
                });
        book.add(
                "more than the server's Receive Maximum",
                "QoS 2 messages without PUBREL, one more than the server's Receive Maximum (500 at most)",
                Law.of("Close with 0x93 where the maximum is exceeded").v5("MQTT-3.3.4-7, §3.3.4"),
                stage -> {
                    Wire client = stage.accepted("client");
                    int maximum = (int) client.connack().number(Properties.RECEIVE_MAXIMUM, LARGEST_RECEIVE_MAXIMUM);
                    int count = Math.min(maximum + 1, MANY);
                    client.send(IntStream.rangeClosed(1, count)
                            .mapToObj(id -> stage.bytes(stage.publish("t").qos(2, id)))
                            .toArray(byte[][]::new));
                    client.await(Packets.PUBREC, Math.min(maximum, count));
                    client.probe();
                    stage.settle();
                    stage.note("Receive Maximum " + maximum);
                    return count > maximum
                            ? Verdict.closed(client, RECEIVE_MAXIMUM_EXCEEDED)
                            : Verdict.open(client).and(Verdict.count(client, Packets.PUBREC, count));
                });
    }
}
