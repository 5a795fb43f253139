/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.FAILURE;
import static io.bascule.benchmarks.odd.sequences.Codes.PACKET_TOO_LARGE;
import static io.bascule.benchmarks.odd.sequences.Codes.QUOTA_EXCEEDED;
import static io.bascule.benchmarks.odd.sequences.Codes.TOPIC_FILTER_INVALID;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Packets.Filter;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Publish;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.List;
import java.util.stream.IntStream;

/** Well-formed, but at a bound. */
public final class Extremes {
    private static final int LONGEST = 65_535;
    private static final int FILTERS = 1_000;
    /** The greatest lengths of one, two and three bytes, and the least of one byte more. */
    private static final List<Integer> LENGTHS = List.of(127, 128, 16_383, 16_384, 2_097_151, 2_097_152);

    private Extremes() {}

    /** Adds them. */
    public static void addTo(Book book) {
        lengths(book);
        filters(book);
        properties(book);
    }

    private static void lengths(Book book) {
        book.add(
                "Remaining Lengths where the form changes",
                "QoS 0 messages of Remaining Length 127, 128, 16,383, 16,384, 2,097,151, 2,097,152 to oneself",
                Law.of("Delivered as they are").v311("§2.2.3").v5("§1.5.5"),
                stage -> {
                    Wire client = stage.subscribed(stage.accepted("client"), stage.topic("t"), 0);
                    int head = 2 + stage.topic("t").length() + (stage.version().hasProperties() ? 1 : 0);
                    for (int length : LENGTHS) {
                        client.send(stage.bytes(stage.publish("t").payload("x".repeat(length - head))));
                    }
                    client.await(Packets.PUBLISH, LENGTHS.size());
                    client.hides(Packets.PUBLISH).probe();
                    stage.settle();
                    List<Integer> expected =
                            LENGTHS.stream().map(length -> length - head).toList();
                    List<Integer> actual = client.all(Packets.PUBLISH).stream()
                            .map(message -> message.payload().length)
                            .toList();
                    stage.note(actual.size() + " messages");
                    return Verdict.that(actual.equals(expected), "payloads of " + actual)
                            .and(Verdict.open(client));
                });
    }

    private static void filters(Book book) {
        book.add(
                "1,000 filters",
                "SUBSCRIBE to 1,000 filters at QoS 0, 1, 2, 0, …",
                Law.of("A code for each, in order")
                        .v311("MQTT-3.9.3-1, MQTT-3.8.4-4")
                        .v5("MQTT-3.9.3-1, MQTT-3.8.4-6"),
                stage -> {
                    Wire client = stage.accepted("client").hides(Packets.SUBACK);
                    client.send(Packets.subscribe(
                            stage.version(),
                            1,
                            IntStream.range(0, FILTERS)
                                    .mapToObj(i -> new Filter(stage.topic("" + i), i % 3))
                                    .toArray(Filter[]::new)));
                    client.await(Packets.SUBACK, 1);
                    client.probe();
                    stage.settle();
                    List<Integer> expected =
                            IntStream.range(0, FILTERS).mapToObj(i -> i % 3).toList();
                    List<Integer> actual = client.all(Packets.SUBACK).stream()
                            .flatMap(packet -> packet.codes().stream())
                            .toList();
                    stage.note("SUBACK with " + actual.size() + " codes");
                    return Verdict.that(actual.equals(expected), actual.size() + " codes");
                });
        book.add(
                "filter of 65,535 bytes",
                "SUBSCRIBE to the longest filter that there is, PUBLISH to the topic of that name",
                Law.of("Delivered; or, where a server limits it, SUBACK with a failure, or close")
                        .v311("MQTT-4.7.3-3")
                        .v5("MQTT-4.7.3-3, §3.9.3"),
                stage -> {
                    Wire client = stage.accepted("client");
                    String name = stage.topic("f".repeat(LONGEST)).substring(0, LONGEST);
                    client.send(stage.subscribe(1, name, 0));
                    client.await(Packets.SUBACK, 1);
                    client.send(stage.bytes(Publish.to(name).payload("x")));
                    client.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return Verdict.delivered(client, "x")
                            .or(Verdict.last(client, Packets.SUBACK, FAILURE, TOPIC_FILTER_INVALID, QUOTA_EXCEEDED))
                            .or(Verdict.closed(client, PACKET_TOO_LARGE, TOPIC_FILTER_INVALID, QUOTA_EXCEEDED));
                });
    }

    private static void properties(Book book) {
        book.add(
                "User Property of 128 KiB",
                "PUBLISH with a User Property whose name and value have 65,535 bytes each",
                Law.of("Passed on as it is, or close with 0x95 where the server limits packets")
                        .v5("MQTT-3.3.2-17"),
                stage -> {
                    Wire witness = stage.witness("witness", "t", 0);
                    Wire client = stage.accepted("client");
                    String name = "n".repeat(LONGEST);
                    String value = "v".repeat(LONGEST);
                    client.send(stage.bytes(
                            stage.publish("t").payload("x").properties(new Properties().user(name, value))));
                    witness.await(Packets.PUBLISH, 1);
                    client.probe();
                    stage.settle();
                    boolean equal = witness.all(Packets.PUBLISH).stream()
                            .anyMatch(message ->
                                    message.values(Properties.USER_PROPERTY).equals(List.of(name + "=" + value)));
                    return Verdict.that(equal, "not passed on").or(Verdict.closed(client, PACKET_TOO_LARGE));
                });
    }
}
