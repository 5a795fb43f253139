/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.BAD_USER_NAME_OR_PASSWORD;
import static io.bascule.benchmarks.odd.sequences.Codes.MALFORMED;
import static io.bascule.benchmarks.odd.sequences.Codes.NOT_AUTHORIZED;
import static io.bascule.benchmarks.odd.sequences.Codes.PROTOCOL_ERROR;
import static io.bascule.benchmarks.odd.sequences.Codes.TOPIC_NAME_INVALID;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Flags of CONNECT that are reserved or do not fit, fields that are missing, and wills that go nowhere. */
public final class ConnectFields {
    private static final int RESERVED = 0x01;
    private static final int WILL = 0x04;
    private static final int WILL_QOS_1 = 0x08;
    private static final int WILL_QOS_3 = 0x18;
    private static final int WILL_RETAIN = 0x20;
    private static final int PASSWORD = 0x40;
    private static final int USER_NAME = 0x80;
    private static final int NOT_AUTHORIZED_OF_3 = 0x05;
    private static final int CLIENT_ID_LENGTH_BYTES = 2;

    private ConnectFields() {}

    /** Adds them. */
    public static void addTo(Book book) {
        flags(book);
        fields(book);
    }

    private static void flags(Book book) {
        Law malformed = Law.of("Malformed: close without a good CONNACK; 3.1.1 without any");
        book.refuses(
                "CONNECT header flags",
                "CONNECT with first byte 0x11",
                malformed.v311("MQTT-2.2.2-2").v5("MQTT-2.1.3-1"),
                stage -> stage.connect("client").header(0x11).toArray(),
                MALFORMED);
        flag(book, "reserved Connect Flag", "bit 0 of the Connect Flags", malformed.both("MQTT-3.1.2-3"), RESERVED);
        flag(
                book,
                "Will QoS without a will",
                "Will Flag 0, Will QoS 1",
                malformed.v311("MQTT-3.1.2-13").v5("MQTT-3.1.2-11"),
                WILL_QOS_1);
        flag(
                book,
                "Will Retain without a will",
                "Will Flag 0, Will Retain 1",
                malformed.v311("MQTT-3.1.2-15").v5("MQTT-3.1.2-13"),
                WILL_RETAIN);
        book.refuses(
                "Will QoS 3",
                "a complete will with both QoS bits set",
                malformed.v311("MQTT-3.1.2-14").v5("MQTT-3.1.2-12"),
                stage -> stage.connect("client")
                        .will(stage.topic("will"), "gone", 0, false)
                        .flags(WILL_QOS_3)
                        .toArray(),
                MALFORMED,
                PROTOCOL_ERROR);
        book.refuses(
                "password without user name",
                "Password Flag 1 with a password, User Name Flag 0",
                malformed.v311("MQTT-3.1.2-22"),
                stage -> stage.connect("client").password(Bytes.of(1, 2, 3)).toArray());
        book.add(
                "password without user name",
                "Password Flag 1 with a password, User Name Flag 0",
                Law.of("Allowed since 5.0: accept, or refuse the credentials").v5("§3.1.2.9"),
                stage -> {
                    Wire client = stage.open("client");
                    client.send(
                            stage.connect("client").password(Bytes.of(1, 2, 3)).toArray());
                    client.probe();
                    stage.settle();
                    return Verdict.accepted(client)
                            .or(Verdict.refused(client, BAD_USER_NAME_OR_PASSWORD, NOT_AUTHORIZED));
                });
    }

    private static void flag(Book book, String name, String does, Law law, int flag) {
        book.refuses(
                name,
                "CONNECT: " + does,
                law,
                stage -> stage.connect("client").flags(flag).toArray(),
                MALFORMED,
                PROTOCOL_ERROR);
    }

    private static void fields(Book book) {
        Law missing =
                Law.of("A field that the flags announce is missing: close without a good CONNACK; 3.1.1 without any");
        flag(
                book,
                "user name missing",
                "User Name Flag 1, no user name",
                missing.v311("MQTT-3.1.2-19").v5("MQTT-3.1.2-17"),
                USER_NAME);
        book.refuses(
                "password missing",
                "both flags, but only a user name",
                missing.v311("MQTT-3.1.2-21").v5("MQTT-3.1.2-19"),
                stage -> stage.connect("client")
                        .userName(Bytes.utf8("u"))
                        .flags(PASSWORD)
                        .toArray(),
                MALFORMED,
                PROTOCOL_ERROR);
        flag(book, "will missing", "Will Flag 1, no will", missing.both("MQTT-3.1.2-9"), WILL);
        Law format = Law.of("Not the format of CONNECT: close without a good CONNACK; 3.1.1 without any");
        book.refuses(
                "user name without its flag",
                "User Name Flag 0, but a user name at the end",
                format.v311("MQTT-3.1.2-18").v5("MQTT-3.1.2-16"),
                stage -> stage.connect("client")
                        .rest(new Bytes().string("u").toArray())
                        .toArray(),
                MALFORMED,
                PROTOCOL_ERROR);
        shortened(book, "empty CONNECT", "CONNECT of Remaining Length 0", format, body -> 0);
        shortened(
                book,
                "CONNECT without client id",
                "CONNECT ends where the client identifier should begin",
                format,
                body -> body.length - CLIENT_ID_LENGTH_BYTES - idLength(body));
        shortened(
                book,
                "CONNECT cut in the client id",
                "the client identifier is longer than what is left",
                format,
                body -> body.length - 1);
        willTopics(book);
    }

    private static void shortened(Book book, String name, String does, Law law, ToIntFunction<byte[]> length) {
        book.refuses(
                name,
                does,
                law.v311("MQTT-3.1.4-1").v5("MQTT-3.1.4-1, MQTT-3.1.3-3"),
                stage -> {
                    byte[] body = stage.connect("client").body();
                    return Packets.packet(0x10, new Bytes().raw(Arrays.copyOf(body, length.applyAsInt(body))));
                },
                MALFORMED,
                PROTOCOL_ERROR);
    }

    /** The client identifier is the last field, and shorter than 256 bytes: the byte that tells so is the last below the letters. */
    private static int idLength(byte[] body) {
        int length = 0;
        while (body[body.length - 1 - length] != length) {
            length++;
        }
        return length;
    }

    private static void willTopics(Book book) {
        Law law = Law.of("No topic to publish to: refuse and close; 3.1.1 silently or as not authorised");
        willTopic(
                book,
                "will topic with wildcard",
                "Will Topic `…/#`",
                law.v311("MQTT-4.7.1-1, §3.1.4").v5("MQTT-4.7.0-1"),
                stage -> stage.topic(Bytes.utf8("#")));
        willTopic(
                book,
                "empty will topic",
                "Will Topic of no bytes",
                law.v311("MQTT-4.7.3-1, §3.1.4").v5("MQTT-4.7.3-1"),
                stage -> Bytes.of());
        book.refuses(
                "will topic with NUL",
                "CONNECT with Will Topic with U+0000",
                Law.of("U+0000 in a string: close without a good CONNACK; 3.1.1 without any")
                        .v311("MQTT-1.5.3-2")
                        .v5("MQTT-1.5.4-2"),
                stage -> stage.connect("client")
                        .will(stage.topic(Bytes.of(0)), "gone", 0, false)
                        .toArray(),
                MALFORMED,
                TOPIC_NAME_INVALID);
    }

    private static void willTopic(Book book, String name, String does, Law law, Function<Stage, byte[]> topic) {
        book.add(name, "CONNECT with " + does, law, stage -> {
            Wire client = stage.open("client");
            client.send(stage.connect("client")
                    .will(topic.apply(stage), "gone", 0, false)
                    .toArray());
            client.probe();
            stage.settle();
            return stage.version().hasProperties()
                    ? Verdict.refused(client, MALFORMED, PROTOCOL_ERROR, TOPIC_NAME_INVALID)
                    : Verdict.refused(client, NOT_AUTHORIZED_OF_3);
        });
    }
}
