/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.FAILURE;
import static io.bascule.benchmarks.odd.sequences.Codes.MALFORMED;
import static io.bascule.benchmarks.odd.sequences.Codes.PROTOCOL_ERROR;
import static io.bascule.benchmarks.odd.sequences.Codes.TOPIC_FILTER_INVALID;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Packets.Filter;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Received;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.List;
import java.util.function.Function;

/** SUBSCRIBE that is not as it should be. */
public final class Subscribing {
    private static final int RESERVED_OPTION = 0x40;
    private static final int RETAIN_HANDLING_3 = 0x30;
    private static final int NO_LOCAL = 0x04;
    private static final int LARGEST_IDENTIFIER = 268_435_455;

    private Subscribing() {}

    /** Adds them. */
    public static void addTo(Book book) {
        payloads(book);
        options(book);
        properties(book);
        filters(book);
    }

    private static void payloads(Book book) {
        Law none = Law.of("One filter at least: a protocol error, close");
        book.closes(
                "SUBSCRIBE without filters",
                "SUBSCRIBE that ends behind its head",
                none.v311("MQTT-3.8.3-3").v5("MQTT-3.8.3-2, §3.8.3"),
                stage -> Packets.subscribe(stage.version(), 1),
                PROTOCOL_ERROR,
                MALFORMED);
        Law identifier = Law.of("An identifier must not be 0: close")
                .v311("MQTT-2.3.1-1, MQTT-4.8.0-1")
                .v5("MQTT-2.2.1-3, MQTT-4.13.1-1");
        book.closes(
                "SUBSCRIBE with identifier 0",
                "SUBSCRIBE with Packet Identifier 0",
                identifier,
                stage -> stage.subscribe(0, stage.topic("t"), 0),
                PROTOCOL_ERROR,
                MALFORMED);
        Law cut = Law.of("Malformed: close").v311("§3.8.3, MQTT-4.8.0-1").v5("§3.8.3, MQTT-4.13.1-1");
        book.closes(
                "SUBSCRIBE without options",
                "SUBSCRIBE that ends behind the filter",
                cut,
                stage -> head(stage, new Bytes().string(stage.topic("t"))),
                MALFORMED);
        book.closes(
                "SUBSCRIBE cut in its filter",
                "a filter that is longer than the packet",
                cut,
                stage -> head(stage, new Bytes().two(9).raw('a', 'b')),
                MALFORMED);
        book.add(
                "same filter twice",
                "SUBSCRIBE to `t` at QoS 0 and again at QoS 1, then a message",
                Law.of("As two SUBSCRIBE: two codes, the later replaces the earlier, one copy")
                        .v311("MQTT-3.8.4-4, MQTT-3.8.4-3")
                        .v5("MQTT-3.8.4-5, MQTT-3.8.4-3"),
                stage -> {
                    Wire client = stage.accepted("client").acknowledges();
                    client.send(Packets.subscribe(
                            stage.version(), 1, new Filter(stage.topic("t"), 0), new Filter(stage.topic("t"), 1)));
                    client.await(Packets.SUBACK, 1);
                    stage.publishes(stage.publish("t").qos(1, 1).payload("x"));
                    client.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return codes(client, 0, 1)
                            .and(Verdict.delivered(client, "x"))
                            .and(Verdict.that(
                                    client.all(Packets.PUBLISH).stream().allMatch(message -> message.qos() == 1),
                                    "not at QoS 1"));
                });
    }

    private static byte[] head(Stage stage, Bytes payload) {
        Bytes body = new Bytes().two(1);
        if (stage.version().hasProperties()) {
            body.raw(0);
        }
        return Packets.packet(0x82, body.raw(payload.toArray()));
    }

    private static Verdict codes(Wire client, Integer... codes) {
        List<List<Integer>> actual =
                client.all(Packets.SUBACK).stream().map(Received::codes).toList();
        return Verdict.that(actual.equals(List.of(List.of(codes))), "SUBACK " + actual);
    }

    private static void options(Book book) {
        Law reserved =
                Law.of("Reserved bits: malformed, close").v311("MQTT-3.8.3-4").v5("MQTT-3.8.3-5");
        option(book, "reserved option bits", "Subscription Options 0x40", reserved, RESERVED_OPTION, MALFORMED);
        option(
                book,
                "options of 5.0 in 3.1.1",
                "Requested QoS 0x04, which is No Local in 5.0",
                Law.of("Reserved bits: malformed, close").v311("MQTT-3.8.3-4"),
                NO_LOCAL);
        option(
                book,
                "SUBSCRIBE for QoS 3",
                "QoS 3",
                Law.of("No such QoS: close").v311("MQTT-3.8.3-4").v5("§3.8.3.1, MQTT-4.13.1-1"),
                3,
                PROTOCOL_ERROR,
                MALFORMED);
        option(
                book,
                "Retain Handling 3",
                "Retain Handling 3",
                Law.of("A protocol error: close").v5("§3.8.3.1, MQTT-4.13.1-1"),
                RETAIN_HANDLING_3,
                PROTOCOL_ERROR);
    }

    private static void option(Book book, String name, String does, Law law, int options, int... codes) {
        book.closes(name, "SUBSCRIBE with " + does, law, stage -> stage.subscribe(1, stage.topic("t"), options), codes);
    }

    private static void properties(Book book) {
        Law error = Law.of("A protocol error: close").v5("§3.8.2.1.2, MQTT-4.13.1-1");
        property(
                book,
                "Subscription Identifier 0",
                "Subscription Identifier 0",
                error,
                new Properties().variable(0x0B, 0),
                PROTOCOL_ERROR);
        property(
                book,
                "Subscription Identifier twice",
                "two Subscription Identifiers",
                error,
                new Properties().variable(0x0B, 1).variable(0x0B, 2),
                PROTOCOL_ERROR);
        property(
                book,
                "PUBLISH property in SUBSCRIBE",
                "a Topic Alias",
                Law.of("A property of another packet: malformed, close").v5("§2.2.2.2, MQTT-4.13.1-1"),
                new Properties().two(Properties.TOPIC_ALIAS, 1),
                MALFORMED,
                PROTOCOL_ERROR);
        book.add(
                "greatest Subscription Identifier",
                "SUBSCRIBE with 268,435,455, then a message",
                Law.of("Deliver with it").v5("MQTT-3.3.4-3"),
                stage -> {
                    Wire client = stage.accepted("client");
                    client.send(stage.subscribe(
                            1, new Properties().variable(0x0B, LARGEST_IDENTIFIER), stage.topic("t"), 0));
                    Stage.require(client.await(Packets.SUBACK, 1), "no SUBACK");
                    client.forget();
                    stage.publishes(stage.publish("t").payload("x"));
                    client.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return Verdict.delivered(client, "x")
                            .and(Verdict.that(
                                    Overlapping.identifiers(client).equals(List.of((long) LARGEST_IDENTIFIER)),
                                    "identifiers " + Overlapping.identifiers(client)));
                });
    }

    private static void property(Book book, String name, String does, Law law, Properties properties, int... codes) {
        book.closes(
                name,
                "SUBSCRIBE with " + does,
                law,
                stage -> stage.subscribe(1, properties, stage.topic("t"), 0),
                codes);
    }

    private static void filters(Book book) {
        Law hash = Law.of("`#` stands alone and last: close, or SUBACK with a failure")
                .v311("MQTT-4.7.1-2")
                .v5("MQTT-4.7.1-1");
        Law plus = Law.of("`+` takes a whole level: close, or SUBACK with a failure")
                .v311("MQTT-4.7.1-3")
                .v5("MQTT-4.7.1-2");
        filter(book, "filter `a#`", "`a#`", hash, stage -> stage.topic("a#"));
        filter(book, "filter `#/a`", "`#/a`", hash, stage -> stage.topic("#/a"));
        filter(book, "filter `##`", "`##`", hash, stage -> stage.topic("##"));
        filter(book, "filter `a+`", "`a+`", plus, stage -> stage.topic("a+"));
        filter(book, "filter `a/+b/c`", "`a/+b/c`", plus, stage -> stage.topic("a/+b/c"));
        filter(
                book,
                "empty filter",
                "a filter of no bytes",
                Law.of("One character at least: close, or SUBACK with a failure")
                        .both("MQTT-4.7.3-1"),
                stage -> "");
        book.add(
                "good filter beside a bad one",
                "SUBSCRIBE to `t` and `a#`, then a message to `t`",
                Law.of("Close; or a failure for the bad one alone, and the good one works")
                        .v311("MQTT-3.8.4-4, MQTT-3.9.3-1")
                        .v5("MQTT-3.8.4-5, MQTT-3.8.4-6"),
                stage -> {
                    Wire client = stage.accepted("client");
                    client.send(Packets.subscribe(
                            stage.version(), 1, new Filter(stage.topic("t"), 0), new Filter(stage.topic("a#"), 0)));
                    client.probe();
                    stage.publishes(stage.publish("t").payload("x"));
                    stage.settle();
                    return Verdict.closed(client, TOPIC_FILTER_INVALID, MALFORMED, PROTOCOL_ERROR)
                            .or(Verdict.delivered(client, "x")
                                    .and(codes(client, 0, FAILURE).or(codes(client, 0, TOPIC_FILTER_INVALID))));
                });
    }

    private static void filter(Book book, String name, String does, Law law, Function<Stage, String> filter) {
        book.add(name, "SUBSCRIBE to " + does, law, stage -> rejected(stage, filter.apply(stage), 0));
    }

    /** Right if a filter is refused, in one way or the other. */
    static Verdict rejected(Stage stage, String filter, int options) throws Exception {
        Wire client = stage.accepted("client");
        client.send(stage.subscribe(1, filter, options));
        client.probe();
        stage.settle();
        int[] failures =
                stage.version().hasProperties() ? new int[] {TOPIC_FILTER_INVALID, FAILURE} : new int[] {FAILURE};
        return Verdict.last(client, Packets.SUBACK, failures)
                .and(Verdict.open(client))
                .or(Verdict.closed(client, TOPIC_FILTER_INVALID, MALFORMED, PROTOCOL_ERROR));
    }
}
