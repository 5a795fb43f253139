/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.CLIENT_IDENTIFIER_NOT_VALID;
import static io.bascule.benchmarks.odd.sequences.Codes.IDENTIFIER_REJECTED;
import static io.bascule.benchmarks.odd.sequences.Codes.MALFORMED;
import static io.bascule.benchmarks.odd.sequences.Codes.PACKET_TOO_LARGE;
import static io.bascule.benchmarks.odd.sequences.Codes.PROTOCOL_ERROR;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Connect;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Version;
import io.bascule.benchmarks.odd.wire.Wire;

/** How bytes become packets: lengths, segments, types, flags of the fixed header. */
public final class Framing {
    private static final int LARGEST = 268_435_455;

    private Framing() {}

    /** Adds them. */
    public static void addTo(Book book) {
        lengths(book);
        segments(book);
        headers(book);
        directions(book);
    }

    private static void lengths(Book book) {
        book.add(
                "long form of Remaining Length",
                "PINGREQ as C0 80 00",
                Law.of("Three bytes for what takes two are not forbidden: answer, or close")
                        .v311("§2.2.3"),
                stage -> {
                    Wire client = odd(stage, 0xC0, 0x80, 0x00);
                    return Verdict.count(client, Packets.PINGRESP, 2)
                            .and(Verdict.open(client))
                            .or(Verdict.closed(client));
                });
        Law shortest = Law.of("Not the shortest form: malformed, close").v5("MQTT-1.5.5-1, MQTT-4.13.1-1");
        book.closes(
                "long form of Remaining Length",
                "PINGREQ as C0 80 00",
                shortest,
                stage -> Bytes.of(0xC0, 0x80, 0x00),
                MALFORMED);
        book.closes(
                "long form of Property Length",
                "PUBLISH with Property Length 80 00",
                shortest,
                stage -> stage.bytes(stage.publish("t").properties(Bytes.of(0x80, 0x00))),
                MALFORMED);
        book.refuses(
                "long form of Property Length in CONNECT",
                "CONNECT with Property Length 80 00",
                Law.of("Not the shortest form: malformed, close without a good CONNACK")
                        .v5("MQTT-1.5.5-1, MQTT-4.13.1-1"),
                stage ->
                        stage.connect("client").properties(Bytes.of(0x80, 0x00)).toArray(),
                MALFORMED);
        book.closes(
                "long form of Subscription Identifier",
                "SUBSCRIBE with the identifier 81 00",
                shortest,
                stage -> stage.subscribe(1, new Properties().raw(0x0B, 0x81, 0x00), stage.topic("t"), 0),
                MALFORMED);
        book.closes(
                "Remaining Length of five bytes",
                "PUBLISH as 30 FF FF FF FF 01",
                Law.of("Four bytes at most: malformed, close")
                        .v311("§2.2.3, MQTT-4.8.0-1")
                        .v5("§1.5.5, MQTT-4.13.1-1"),
                stage -> Bytes.of(0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01),
                MALFORMED);
        book.closes(
                "Property Length beyond the packet",
                "PUBLISH with Property Length 127 and nothing behind",
                Law.of("Malformed: close").v5("§2.2.2.1, MQTT-4.13.1-1"),
                stage -> stage.bytes(stage.publish("t").properties(Bytes.of(0x7F))),
                MALFORMED);
        book.closes(
                "Property Length in the middle of a property",
                "PUBLISH with Property Length 1, then a Message Expiry Interval",
                Law.of("Malformed: close").v5("§2.2.2.1, MQTT-4.13.1-1"),
                stage -> stage.bytes(stage.publish("t").properties(Bytes.of(0x01, 0x02, 0, 0, 0, 9))),
                MALFORMED);
        announced(book);
    }

    private static void announced(Book book) {
        Law law = Law.of(
                        "Wait for the rest where such packets are accepted, else close; 5.0 with 0x95 where the server's Maximum Packet Size is less")
                .v311("§2.2.3")
                .v5("MQTT-3.2.2-15, §3.2.2.3.6");
        book.add(
                "PUBLISH of 256 MiB",
                "the first 8 bytes of a PUBLISH that announces the greatest Remaining Length",
                law,
                stage -> {
                    Wire client = stage.accepted("client");
                    client.send(Bytes.of(0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0x00, 0x01, 't'));
                    stage.settle();
                    if (stage.version() != Version.V5) {
                        return Verdict.closed(client).or(Verdict.open(client));
                    }
                    boolean within =
                            client.connack().number(Properties.MAXIMUM_PACKET_SIZE, Integer.MAX_VALUE) > LARGEST;
                    return within ? Verdict.open(client) : Verdict.closed(client, PACKET_TOO_LARGE);
                });
    }

    private static void segments(Book book) {
        Law stream = Law.of("A stream of bytes: how it is cut into segments means nothing")
                .v311("§4.2")
                .v5("MQTT-4.2-1");
        book.add(
                "a segment for each byte",
                "CONNECT, SUBSCRIBE, PUBLISH QoS 1 and PINGREQ, byte by byte",
                stream.v31("3.1, Transport"),
                stage -> {
                    Wire client = stage.open("client");
                    client.sendByteByByte(stage.connect("client").toArray());
                    client.sendByteByByte(stage.subscribe(1, stage.topic("t"), 0));
                    client.sendByteByByte(
                            stage.bytes(stage.publish("t").qos(1, 2).payload("x")));
                    return allAnswered(stage, client);
                });
        book.add(
                "everything in one segment",
                "CONNECT, SUBSCRIBE, PUBLISH QoS 1 at once, without waiting for CONNACK",
                Law.of("A client need not wait for CONNACK: answer all")
                        .v311("MQTT-3.1.4-5")
                        .v5("§3.1.4"),
                stage -> {
                    Wire client = stage.open("client");
                    client.send(
                            stage.connect("client").toArray(),
                            stage.subscribe(1, stage.topic("t"), 0),
                            stage.bytes(stage.publish("t").qos(1, 2).payload("x")));
                    return allAnswered(stage, client);
                });
        Law rejected = Law.of("After a CONNECT that is refused, nothing is processed")
                .v311("MQTT-3.1.4-5")
                .v5("MQTT-3.1.4-6");
        book.add(
                "PUBLISH behind a refused CONNECT",
                "CONNECT that must be refused and PUBLISH in one segment",
                rejected,
                stage -> {
                    Wire witness = stage.witness("witness", "t", 0);
                    Wire client = stage.open("client");
                    client.send(refused(stage), stage.bytes(stage.publish("t").payload("late")));
                    client.awaitClosed(Wire.LIMIT_MILLIS);
                    stage.settle();
                    return Verdict.refused(
                                    client, IDENTIFIER_REJECTED, MALFORMED, PROTOCOL_ERROR, CLIENT_IDENTIFIER_NOT_VALID)
                            .and(Verdict.delivered(witness));
                });
    }

    private static byte[] refused(Stage stage) {
        return stage.version().hasProperties()
                ? stage.connect("client").flags(1).toArray()
                : new Connect(stage.version(), Bytes.of()).resume().toArray();
    }

    private static Verdict allAnswered(Stage stage, Wire client) {
        client.await(Packets.PUBLISH, 1);
        client.probe();
        stage.settle();
        return Verdict.accepted(client)
                .and(Verdict.count(client, Packets.SUBACK, 1))
                .and(Verdict.count(client, Packets.PUBACK, 1))
                .and(Verdict.delivered(client, "x"));
    }

    private static void headers(Book book) {
        Law flags =
                Law.of("Reserved flags: malformed, close").v311("MQTT-2.2.2-2").v5("MQTT-2.1.3-1, MQTT-4.13.1-1");
        book.closes("PINGREQ flags", "PINGREQ as C1 00", flags, stage -> Bytes.of(0xC1, 0), MALFORMED);
        book.closes("PUBACK flags", "PUBACK as 42 02 00 01", flags, stage -> Bytes.of(0x42, 2, 0, 1), MALFORMED);
        book.closes("PUBREC flags", "PUBREC as 52 02 00 01", flags, stage -> Bytes.of(0x52, 2, 0, 1), MALFORMED);
        book.closes("PUBCOMP flags", "PUBCOMP as 72 02 00 01", flags, stage -> Bytes.of(0x72, 2, 0, 1), MALFORMED);
        book.closes(
                "PUBREL flags",
                "PUBREL as 60 02 00 01",
                flags.both("MQTT-3.6.1-1"),
                stage -> Bytes.of(0x60, 2, 0, 1),
                MALFORMED);
        book.closes(
                "SUBSCRIBE flags",
                "SUBSCRIBE with first byte 0x80",
                flags.both("MQTT-3.8.1-1"),
                stage -> Packets.subscribe(
                        0x80, stage.version(), 1, new Properties(), new Packets.Filter(stage.topic("t"), 0)),
                MALFORMED);
        book.closes(
                "UNSUBSCRIBE flags",
                "UNSUBSCRIBE with first byte 0xA0",
                flags.both("MQTT-3.10.1-1"),
                stage -> Packets.unsubscribe(0xA0, stage.version(), 1, stage.topic("t")),
                MALFORMED);
        book.closes(
                "DISCONNECT flags",
                "DISCONNECT as E1 00",
                flags.both("MQTT-3.14.1-1"),
                stage -> Bytes.of(0xE1, 0),
                MALFORMED);
        book.closes(
                "AUTH flags",
                "AUTH as F1 00",
                Law.of("Reserved flags: malformed, close").v5("MQTT-3.15.1-1"),
                stage -> Bytes.of(0xF1, 0),
                MALFORMED,
                PROTOCOL_ERROR);
        Law forbidden = Law.of("A type that is reserved: close");
        book.closes(
                "packet type 0",
                "00 00",
                forbidden.v311("§2.2.1, MQTT-4.8.0-1").v5("§2.1.2, MQTT-4.13.1-1"),
                stage -> Bytes.of(0, 0),
                MALFORMED,
                PROTOCOL_ERROR);
        book.closes("packet type 15", "F0 00", forbidden.v311("§2.2.1, MQTT-4.8.0-1"), stage -> Bytes.of(0xF0, 0));
        Law body = Law.of("There is nothing in this packet: malformed, close")
                .v311("§3.12, MQTT-4.8.0-1")
                .v5("§3.12, MQTT-4.13.1-1");
        book.closes("PINGREQ with a body", "PINGREQ as C0 01 00", body, stage -> Bytes.of(0xC0, 1, 0), MALFORMED);
    }

    private static void directions(Book book) {
        Law law = Law.of("Only servers send it: a protocol error, close")
                .v311("§2.2.1, MQTT-4.8.0-1")
                .v5("§2.1.2, MQTT-4.13.1-1");
        book.closes(
                "CONNACK from a client",
                "CONNACK",
                law,
                stage -> stage.version().hasProperties() ? Bytes.of(0x20, 3, 0, 0, 0) : Bytes.of(0x20, 2, 0, 0),
                PROTOCOL_ERROR);
        book.closes(
                "SUBACK from a client",
                "SUBACK",
                law,
                stage -> stage.version().hasProperties() ? Bytes.of(0x90, 4, 0, 1, 0, 0) : Bytes.of(0x90, 3, 0, 1, 0),
                PROTOCOL_ERROR);
        book.closes(
                "UNSUBACK from a client",
                "UNSUBACK",
                law,
                stage -> stage.version().hasProperties() ? Bytes.of(0xB0, 4, 0, 1, 0, 0) : Bytes.of(0xB0, 2, 0, 1),
                PROTOCOL_ERROR);
        book.closes("PINGRESP from a client", "PINGRESP", law, stage -> Bytes.of(0xD0, 0), PROTOCOL_ERROR);
    }

    private static Wire odd(Stage stage, int... bytes) throws Exception {
        Wire client = stage.accepted("client");
        client.send(Bytes.of(bytes));
        client.probe();
        stage.settle();
        return client;
    }
}
