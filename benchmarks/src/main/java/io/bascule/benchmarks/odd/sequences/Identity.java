/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.CLIENT_IDENTIFIER_NOT_VALID;
import static io.bascule.benchmarks.odd.sequences.Codes.IDENTIFIER_REJECTED;
import static io.bascule.benchmarks.odd.sequences.Codes.MALFORMED;
import static io.bascule.benchmarks.odd.sequences.Codes.PACKET_TOO_LARGE;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Sequence;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Connect;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Client identifiers and user names. */
public final class Identity {
    private static final byte[] NONE = {};
    private static final byte[] BYTE_ORDER_MARK = Bytes.of(0xEF, 0xBB, 0xBF);
    private static final byte[] SURROGATE = Bytes.of(0xED, 0xA0, 0x80);
    private static final int LONGEST_OF_3_1 = 23;
    private static final int LONGEST = 65_535;

    private Identity() {}

    /** Adds them. */
    public static void addTo(Book book) {
        none(book);
        unusual(book);
        illFormed(book);
        byteOrderMark(book);
    }

    private static void none(Book book) {
        String noId = "CONNECT with a client identifier of no bytes";
        Law of31 = Law.of("1 to 23 characters, or CONNACK 0x02").v31("3.1, CONNECT");
        book.add("no client id, clean", noId + ", Clean Session 1", of31, mustReject(Identity::anonymous));
        book.add(
                "no client id, clean",
                noId + ", Clean Session 1",
                Law.of("May be accepted, or refused with CONNACK 0x02").v311("MQTT-3.1.3-6, MQTT-3.1.3-9"),
                stage -> {
                    Wire client = send(stage, anonymous(stage));
                    return Verdict.accepted(client)
                            .or(Verdict.refused(client, IDENTIFIER_REJECTED)
                                    .and(Verdict.last(client, Packets.CONNACK, IDENTIFIER_REJECTED)));
                });
        book.add(
                "no client id, not clean",
                noId + ", Clean Session 0",
                Law.of("CONNACK 0x02, then close").v311("MQTT-3.1.3-8"),
                mustReject(stage -> anonymous(stage).resume()));
        Law of5 = Law.of("Assign an identifier and tell it, or refuse with 0x85")
                .v5("MQTT-3.1.3-6, MQTT-3.1.3-7, MQTT-3.2.2-16");
        book.add("no client id, clean", noId + ", Clean Start 1", of5, stage -> assigned(stage, anonymous(stage)));
        book.add(
                "no client id, not clean",
                noId + ", Clean Start 0",
                of5,
                stage -> assigned(stage, anonymous(stage).resume()));
    }

    private static Connect anonymous(Stage stage) {
        return new Connect(stage.version(), NONE);
    }

    private static Sequence.Play mustReject(Function<Stage, Connect> connect) {
        return stage -> {
            Wire client = send(stage, connect.apply(stage));
            return Verdict.refused(client, IDENTIFIER_REJECTED)
                    .and(Verdict.last(client, Packets.CONNACK, IDENTIFIER_REJECTED));
        };
    }

    private static Verdict assigned(Stage stage, Connect connect) throws Exception {
        Wire client = send(stage, connect);
        boolean told = client.packets().stream()
                .anyMatch(packet ->
                        !packet.values(Properties.ASSIGNED_CLIENT_IDENTIFIER).isEmpty());
        return Verdict.accepted(client)
                .and(Verdict.that(told, "no Assigned Client Identifier"))
                .or(Verdict.refused(client, CLIENT_IDENTIFIER_NOT_VALID));
    }

    private static Wire send(Stage stage, Connect connect) throws Exception {
        Wire client = stage.open("client");
        client.send(connect.toArray());
        client.probe();
        stage.settle();
        return client;
    }

    private static void unusual(Book book) {
        book.add(
                "client id of 24 characters",
                "CONNECT with one character more than 3.1 allows",
                Law.of("1 to 23 characters, or CONNACK 0x02").v31("3.1, CONNECT"),
                mustReject(stage -> longer(stage, LONGEST_OF_3_1 + 1)));
        Law law = Law.of("May be accepted, or refused with CONNACK 0x02 (3.1.1), 0x85 or 0x95 (5.0)")
                .v311("MQTT-3.1.3-5, MQTT-3.1.3-9")
                .v5("MQTT-3.1.3-5, MQTT-3.1.3-8");
        book.add(
                "client id of 65,535 bytes",
                "CONNECT with the longest client identifier that there is",
                law,
                stage -> either(send(stage, longer(stage, LONGEST))));
        book.add(
                "client id of wildcards",
                "CONNECT with a client identifier that ends in `/+/#`",
                law,
                stage -> either(send(
                        stage,
                        new Connect(stage.version(), Bytes.join(stage.clientId("client"), Bytes.utf8("/+/#"))))));
    }

    private static Connect longer(Stage stage, int length) {
        String id = new String(stage.clientId("c"), StandardCharsets.UTF_8);
        return new Connect(stage.version(), Bytes.utf8(id + "x".repeat(length - id.length())));
    }

    private static Verdict either(Wire client) {
        return Verdict.accepted(client)
                .or(Verdict.refused(client, IDENTIFIER_REJECTED, CLIENT_IDENTIFIER_NOT_VALID, PACKET_TOO_LARGE));
    }

    private static void illFormed(Book book) {
        Law nul = Law.of("U+0000 in a string: close without a good CONNACK; 3.1.1 without any")
                .v311("MQTT-1.5.3-2")
                .v5("MQTT-1.5.4-2");
        Law surrogate = Law.of("Not UTF-8: close without a good CONNACK; 3.1.1 without any")
                .v311("MQTT-1.5.3-1, MQTT-3.1.3-4")
                .v5("MQTT-1.5.4-1, MQTT-3.1.3-4");
        id(book, "client id with NUL", "a client identifier that ends in U+0000", nul, Bytes.of(0));
        id(book, "client id with a surrogate", "a client identifier that ends in ED A0 80", surrogate, SURROGATE);
        book.refuses(
                "user name with a surrogate",
                "CONNECT with the user name ED A0 80",
                Law.of("Not UTF-8: close without a good CONNACK; 3.1.1 without any")
                        .v311("MQTT-1.5.3-1, MQTT-3.1.3-11")
                        .v5("MQTT-1.5.4-1, MQTT-3.1.3-12"),
                stage -> stage.connect("client").userName(SURROGATE).toArray(),
                MALFORMED,
                CLIENT_IDENTIFIER_NOT_VALID);
        book.add(
                "user name and password of no bytes",
                "CONNECT with both flags, and both empty",
                Law.of("Empty is not missing: accept, or refuse the credentials")
                        .v311("§3.1.3.4")
                        .v5("§3.1.3.5"),
                stage -> {
                    Wire client =
                            send(stage, stage.connect("client").userName(NONE).password(NONE));
                    return Verdict.accepted(client)
                            .or(Verdict.refused(client, 4, 5, Codes.BAD_USER_NAME_OR_PASSWORD, Codes.NOT_AUTHORIZED));
                });
        book.add(
                "password of any bytes",
                "CONNECT with user name `u` and the password 00 FF ED A0 80",
                Law.of("A password is bytes, not text: accept, or refuse the credentials")
                        .v311("§3.1.3.5")
                        .v5("§3.1.3.6"),
                stage -> {
                    Wire client = send(
                            stage,
                            stage.connect("client")
                                    .userName(Bytes.utf8("u"))
                                    .password(Bytes.of(0, 0xFF, 0xED, 0xA0, 0x80)));
                    return Verdict.accepted(client)
                            .or(Verdict.refused(client, 4, 5, Codes.BAD_USER_NAME_OR_PASSWORD, Codes.NOT_AUTHORIZED));
                });
    }

    private static void id(Book book, String name, String does, Law law, byte[] end) {
        book.refuses(
                name,
                "CONNECT with " + does,
                law,
                stage -> new Connect(stage.version(), Bytes.join(stage.clientId("client"), end)).toArray(),
                MALFORMED,
                CLIENT_IDENTIFIER_NOT_VALID);
    }

    private static void byteOrderMark(Book book) {
        book.add(
                "client id with a BOM",
                "CONNECT as `x` while U+FEFF `x` is connected",
                Law.of("U+FEFF is a character like any other: they are two clients")
                        .v311("MQTT-1.5.3-3")
                        .v5("MQTT-1.5.4-3"),
                stage -> {
                    byte[] id = stage.clientId("client");
                    Wire client =
                            stage.accepted("client", new Connect(stage.version(), Bytes.join(BYTE_ORDER_MARK, id)));
                    stage.accepted("client without BOM", new Connect(stage.version(), id));
                    client.probe();
                    stage.settle();
                    return Verdict.open(client);
                });
    }
}
