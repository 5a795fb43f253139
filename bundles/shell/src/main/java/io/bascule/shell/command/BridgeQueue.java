/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeStatus;
import io.bascule.api.QueuedMessage;
import io.bascule.shell.view.ByteCount;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Payload;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.Text;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;

/**
 * {@code mqtt:bridge-queue}: what waits to be forwarded by a bridge, the next first.
 *
 * @param name of the bridge
 * @param atMost how many are shown
 */
public record BridgeQueue(String name, int atMost) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows the first messages that wait to be forwarded by a bridge.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-queue cloud";
    /** For the help of both shells. */
    public static final String LIMIT = "Shows so many at most, 20 by default.";

    private static final int DEFAULT_LIMIT = 20;
    private static final int HIGHEST_LIMIT = 10_000;
    private static final int CELL = 40;

    private static final List<Column<QueuedMessage>> COLUMNS = List.of(
            new Column<>("topic", "Topic", each -> each.message().topic().name()),
            new Column<>("qos", "QoS", each -> each.qos().level()),
            new Column<>("retain", "Retain", QueuedMessage::retain),
            new Column<>("bytes", "Size", each -> new ByteCount(each.message().payload().length)),
            new Column<>("age", "Waits for", QueuedMessage::age),
            new Column<>("expiresIn", "Expires in", QueuedMessage::expiresIn),
            new Column<>(
                    "beginning",
                    "Payload",
                    each -> Payload.ofCell(each.message().payload(), CELL).toString()));

    /**
     * The queue that is asked for.
     *
     * @param name as typed, null when it was left out
     * @param limit as typed, null when it was left out
     * @throws CommandFailure when one of them cannot be used
     */
    public static BridgeQueue of(String name, String limit) {
        return new BridgeQueue(
                Input.bridge(name),
                Input.number("--limit", limit, HIGHEST_LIMIT).orElse(DEFAULT_LIMIT));
    }

    @Override
    public View run(Services services) {
        BridgeStatus bridge = Input.bridge(services, name).status();
        List<QueuedMessage> first = Answers.of(
                services.runningBroker().queued(bridge.localClientId(), 0, atMost), "The broker has not shown them");
        Table table = Table.of(
                first,
                Comparator.comparingLong(QueuedMessage::number),
                "No message waits to be forwarded by " + name + ".",
                COLUMNS);
        int all = bridge.queue().queued();
        return all <= first.size() || first.size() < atMost
                ? table
                : table.withNote(Text.count(all, "message") + " wait in all: --limit shows more, and"
                        + " mqtt:bridge-queue-export writes them to a file.");
    }
}
