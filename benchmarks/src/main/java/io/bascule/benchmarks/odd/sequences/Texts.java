/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.MALFORMED;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Packets.Filter;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Publish;
import io.bascule.benchmarks.odd.wire.Wire;
import java.nio.charset.StandardCharsets;

/** UTF-8 in topics, filters and properties. */
public final class Texts {
    private static final byte[] BYTE_ORDER_MARK = Bytes.of(0xEF, 0xBB, 0xBF);
    private static final byte[] SURROGATE = Bytes.of(0xED, 0xA0, 0x80);

    private Texts() {}

    /** Adds them. */
    public static void addTo(Book book) {
        Law utf8 = Law.of("Not UTF-8: close").v311("MQTT-1.5.3-1").v5("MQTT-1.5.4-1, MQTT-4.13.1-1");
        Law nul = Law.of("U+0000 in a string: close").v311("MQTT-1.5.3-2").v5("MQTT-1.5.4-2, MQTT-4.13.1-1");
        topic(book, "surrogate in a topic", "ED A0 80", utf8, SURROGATE);
        topic(
                book,
                "pair of surrogates in a topic",
                "ED A0 BD ED B8 80",
                utf8,
                Bytes.of(0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80));
        topic(book, "overlong slash in a topic", "C0 AF", utf8, Bytes.of(0xC0, 0xAF));
        topic(book, "topic that ends in half a character", "E2 82", utf8, Bytes.of(0xE2, 0x82));
        topic(book, "character beyond U+10FFFF in a topic", "F4 90 80 80", utf8, Bytes.of(0xF4, 0x90, 0x80, 0x80));
        topic(book, "NUL in a topic", "U+0000", nul, Bytes.of(0));
        topic(book, "overlong NUL in a topic", "C0 80", utf8, Bytes.of(0xC0, 0x80));
        filter(book, "surrogate in a filter", "ED A0 80", utf8, SURROGATE);
        filter(book, "NUL in a filter", "U+0000", nul, Bytes.of(0));
        book.closes(
                "surrogate in a User Property",
                "PUBLISH with the User Property `k` = ED A0 80",
                Law.of("Not UTF-8: close").v5("MQTT-1.5.7-1, MQTT-4.13.1-1"),
                stage -> stage.bytes(stage.publish("t")
                        .properties(new Properties().raw(Properties.USER_PROPERTY, 0, 1, 'k', 0, 3, 0xED, 0xA0, 0x80))),
                MALFORMED);
        book.closes(
                "NUL in a Content Type",
                "PUBLISH with a Content Type that has U+0000",
                Law.of("U+0000 in a string: close").v5("MQTT-1.5.4-2, MQTT-3.3.2-19"),
                stage -> stage.bytes(stage.publish("t")
                        .properties(new Properties().binary(Properties.CONTENT_TYPE, Bytes.of('a', 0)))),
                MALFORMED);
        tolerated(book, "control character in a topic", "U+0001", Bytes.of(1));
        tolerated(book, "non-character in a topic", "U+FFFF", Bytes.of(0xEF, 0xBF, 0xBF));
        byteOrderMark(book);
    }

    private static void topic(Book book, String name, String end, Law law, byte[] bytes) {
        book.closes(
                name,
                "PUBLISH to a topic that ends in " + end,
                law,
                stage -> stage.bytes(Publish.to(stage.topic(bytes))),
                MALFORMED);
    }

    private static void filter(Book book, String name, String end, Law law, byte[] bytes) {
        book.closes(
                name,
                "SUBSCRIBE to a filter that ends in " + end,
                law,
                stage -> Packets.subscribe(stage.version(), 1, new Filter(stage.topic(bytes), 0)),
                MALFORMED);
    }

    private static void tolerated(Book book, String name, String end, byte[] bytes) {
        Law law = Law.of("Should not be sent; a receiver may close, or deliver")
                .v311("§1.5.3")
                .v5("§1.5.4");
        book.add(name, "PUBLISH to a topic that ends in " + end + "; another client watches `…/#`", law, stage -> {
            Wire witness = stage.witness("witness", "#", 0);
            Wire client = stage.accepted("client");
            client.send(stage.bytes(Publish.to(stage.topic(bytes)).payload("x")));
            client.probe();
            witness.awaitUnlessClosed(client, Packets.PUBLISH, 1);
            stage.settle();
            return Verdict.delivered(witness, "x")
                    .and(Verdict.open(client))
                    .or(Verdict.delivered(witness).and(Verdict.closed(client, MALFORMED)));
        });
    }

    private static void byteOrderMark(Book book) {
        Law law = Law.of("U+FEFF is a character like any other, and stays")
                .v311("MQTT-1.5.3-3")
                .v5("MQTT-1.5.4-3");
        book.add("BOM in a topic", "PUBLISH to U+FEFF `t`; clients watch U+FEFF `t` and `t`", law, stage -> {
            String marked = new String(BYTE_ORDER_MARK, StandardCharsets.UTF_8) + stage.topic("t");
            Wire with = stage.witnessAny("watches U+FEFF `t`", marked, 0);
            Wire without = stage.witness("watches `t`", "t", 0);
            Wire client = stage.accepted("client");
            client.send(stage.bytes(Publish.to(marked).payload("x")));
            client.probe();
            with.await(Packets.PUBLISH, 1);
            stage.settle();
            return Verdict.delivered(with, "x").and(Verdict.delivered(without));
        });
    }
}
