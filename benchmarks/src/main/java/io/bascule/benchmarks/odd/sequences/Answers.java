/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.MALFORMED;
import static io.bascule.benchmarks.odd.sequences.Codes.PACKET_IDENTIFIER_NOT_FOUND;
import static io.bascule.benchmarks.odd.sequences.Codes.PROTOCOL_ERROR;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Connect;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.function.IntFunction;

/** The acknowledgements of a client: their forms, and more of them than it takes. */
public final class Answers {
    private static final int PUBACK_HEADER = 0x40;
    private static final int UNDEFINED = 0x05;

    private Answers() {}

    /** Adds them. */
    public static void addTo(Book book) {
        malformed(book);
        undefined(book);
        longForm(book);
        twice(book);
    }

    private static void malformed(Book book) {
        Law length = Law.of("Not the length of a PUBACK: malformed, close")
                .v311("§3.4, MQTT-4.8.0-1")
                .v5("§3.4, MQTT-4.13.1-1");
        closes(book, "PUBACK of one byte", "40 01 00", length, id -> Bytes.of(PUBACK_HEADER, 1, 0), MALFORMED);
        closes(
                book,
                "PUBACK of three bytes",
                "PUBACK with a byte behind the identifier",
                Law.of("Not the length of a PUBACK: malformed, close").v311("§3.4, MQTT-4.8.0-1"),
                id -> Packets.acknowledgement(Packets.PUBACK, id, 0));
        closes(
                book,
                "PUBACK with an undefined code",
                "PUBACK with reason code 0x05",
                Law.of("Not one of the reason codes: close").v5("MQTT-3.4.2-1, MQTT-4.13.1-1"),
                id -> Packets.acknowledgement(Packets.PUBACK, id, UNDEFINED),
                MALFORMED,
                PROTOCOL_ERROR);
        closes(
                book,
                "PUBACK with Property Length beyond it",
                "PUBACK with Property Length 9 and nothing behind",
                Law.of("Malformed: close").v5("§2.2.2.1, MQTT-4.13.1-1"),
                id -> Packets.packet(PUBACK_HEADER, new Bytes().two(id).raw(0, 9)),
                MALFORMED);
        closes(
                book,
                "PUBACK with a surrogate",
                "PUBACK with the Reason String ED A0 80",
                Law.of("Not UTF-8: close").v5("MQTT-1.5.4-1, MQTT-4.13.1-1"),
                id -> puback(id, new Properties().binary(Properties.REASON_STRING, Bytes.of(0xED, 0xA0, 0x80))),
                MALFORMED);
        closes(
                book,
                "PUBACK with a PUBLISH property",
                "PUBACK with a Topic Alias",
                Law.of("Not a property of this packet: malformed, close").v5("§2.2.2.2, MQTT-4.13.1-1"),
                id -> puback(id, new Properties().two(Properties.TOPIC_ALIAS, 1)),
                MALFORMED,
                PROTOCOL_ERROR);
        closes(
                book,
                "PUBACK with Reason String twice",
                "PUBACK with the property twice",
                Law.of("A protocol error: close").v5("§3.4.2.2.2, MQTT-4.13.1-1"),
                id -> puback(
                        id,
                        new Properties().string(Properties.REASON_STRING, "a").string(Properties.REASON_STRING, "b")),
                PROTOCOL_ERROR);
    }

    private static void undefined(Book book) {
        Law law = Law.of("Not one of the reason codes: close");
        undefined(book, "PUBREC", Packets.PUBREC, law.v5("MQTT-3.5.2-1, MQTT-4.13.1-1"));
        undefined(book, "PUBREL", Packets.PUBREL, law.v5("MQTT-3.6.2-1, MQTT-4.13.1-1"));
        undefined(book, "PUBCOMP", Packets.PUBCOMP, law.v5("MQTT-3.7.2-1, MQTT-4.13.1-1"));
    }

    private static void undefined(Book book, String name, int type, Law law) {
        book.closes(
                name + " with an undefined code",
                name + " with reason code 0x05",
                law,
                stage -> Packets.acknowledgement(type, 1, UNDEFINED),
                MALFORMED,
                PROTOCOL_ERROR);
    }

    private static byte[] puback(int id, Properties properties) {
        return Packets.packet(PUBACK_HEADER, new Bytes().two(id).raw(0).raw(properties.toArray()));
    }

    /** The answer to a QoS 1 message is no PUBACK. */
    private static void closes(Book book, String name, String does, Law law, IntFunction<byte[]> answer, int... codes) {
        book.add(name, does + ", for a QoS 1 message", law, stage -> {
            Wire client = delivered(stage, "client", stage.connect("client"), 1);
            client.send(answer.apply(id(client)));
            client.hides(Packets.PUBLISH).probe();
            stage.settle();
            return Verdict.closed(client, codes);
        });
    }

    private static Wire delivered(Stage stage, String name, Connect connect, int qos) throws Exception {
        Wire client = stage.subscribed(stage.accepted(name, connect), stage.topic("t"), qos);
        stage.delivers(client, stage.publish("t").qos(qos, 1).payload("x"));
        return client;
    }

    private static int id(Wire client) {
        return client.all(Packets.PUBLISH).get(0).packetId();
    }

    private static void longForm(Book book) {
        book.add(
                "PUBACK in its longest form",
                "PUBACK with 0x00, a Reason String and User Properties; cut; the session resumes",
                Law.of("A PUBACK like any other: nothing is sent again").v5("§3.4.2, MQTT-4.4.0-1"),
                stage -> {
                    Connect connect = stage.connect("client").lasting(100);
                    Wire before = delivered(stage, "before", connect, 1);
                    before.send(puback(
                            id(before),
                            new Properties()
                                    .user("a", "1")
                                    .string(Properties.REASON_STRING, "taken")
                                    .user("a", "1")));
                    before.probe();
                    stage.cut(before.hides(Packets.PUBLISH));
                    Wire client = stage.accepted("client", connect);
                    client.probe();
                    stage.settle();
                    return Verdict.open(client).and(Verdict.delivered(client));
                });
    }

    private static void twice(Book book) {
        book.add(
                "PUBREL twice",
                "PUBLISH QoS 2 id 7, PUBREL twice",
                Law.of("PUBCOMP for each; in 5.0 the second may say 0x92; delivered once")
                        .v311("MQTT-4.3.3-2")
                        .v5("MQTT-4.3.3-11, §3.7.2.1"),
                stage -> {
                    Wire witness = stage.witness("witness", "t", 0);
                    Wire client = stage.accepted("client");
                    client.send(stage.bytes(stage.publish("t").qos(2, 7).payload("x")));
                    client.await(Packets.PUBREC, 1);
                    client.send(Packets.acknowledgement(Packets.PUBREL, 7), Packets.acknowledgement(Packets.PUBREL, 7));
                    client.await(Packets.PUBCOMP, 2);
                    client.probe();
                    stage.settle();
                    return Verdict.count(client, Packets.PUBCOMP, 2)
                            .and(Verdict.last(client, Packets.PUBCOMP, 0, PACKET_IDENTIFIER_NOT_FOUND))
                            .and(Verdict.delivered(witness, "x"));
                });
        book.add(
                "PUBREC twice",
                "a QoS 2 delivery, PUBREC twice, PUBCOMP",
                Law.of("PUBREL for each, and nothing again")
                        .v311("MQTT-4.3.3-1")
                        .v5("MQTT-4.3.3-4"),
                stage -> {
                    Wire client = delivered(stage, "client", stage.connect("client"), 2);
                    byte[] pubrec = Packets.acknowledgement(Packets.PUBREC, id(client));
                    client.send(pubrec, pubrec);
                    client.await(Packets.PUBREL, 2);
                    client.send(Packets.acknowledgement(Packets.PUBCOMP, id(client)));
                    client.probe();
                    stage.settle();
                    return Verdict.count(client, Packets.PUBREL, 2)
                            .and(Verdict.count(client, Packets.PUBLISH, 1))
                            .and(Verdict.open(client));
                });
    }
}
