/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.TopicFilter;
import io.bascule.shell.view.ByteCount;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Payload;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;

/**
 * {@code mqtt:retained}: what is retained at the topics that match.
 *
 * @param filter of the topics
 * @param atMost how many are shown, from the first topic on
 */
public record Retained(TopicFilter filter, int atMost) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows the retained messages at the topics that match a filter.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:retained 'plant/#'";
    /** For the help of both shells. */
    public static final String FILTER = "Which; all but those that begin with $ by default.";
    /** For the help of both shells. */
    public static final String LIMIT = "Shows so many at most, 1000 by default.";

    /** Somebody looks at it; and what is printed is made in the memory of the broker. */
    private static final int DEFAULT_LIMIT = 1000;

    private static final int HIGHEST_LIMIT = 1_000_000;
    private static final int CELL = 40;

    private static final List<Column<Message>> COLUMNS = List.of(
            new Column<>("topic", "Topic", message -> message.topic().name()),
            new Column<>("qos", "QoS", message -> message.qos().level()),
            new Column<>("bytes", "Size", message -> new ByteCount(message.payload().length)),
            new Column<>("messageExpiryInterval", "Expires in", MessageDetails::expiry),
            new Column<>(
                    "beginning",
                    "Payload",
                    message -> Payload.ofCell(message.payload(), CELL).toString()));

    /**
     * What is asked for.
     *
     * @param filter as typed, null when it was left out
     * @param limit as typed, null when it was left out
     * @throws CommandFailure when one of them cannot be used
     */
    public static Retained of(String filter, String limit) {
        return new Retained(
                Input.unsharedFilter(filter == null ? "#" : filter, "mqtt:retained"),
                Input.number("--limit", limit, HIGHEST_LIMIT).orElse(DEFAULT_LIMIT));
    }

    @Override
    public View run(Services services) {
        List<Message> found = services.runningBroker().retained(filter, atMost + 1);
        Table table = Table.of(
                found.subList(0, Math.min(atMost, found.size())),
                Comparator.comparing(message -> message.topic().name()),
                "Nothing is retained at " + filter + "." + Input.secondThought(filter.text()),
                COLUMNS);
        return found.size() <= atMost
                ? table
                : table.withNote("There are more than " + atMost + ": a narrower filter or --limit shows them.");
    }
}
