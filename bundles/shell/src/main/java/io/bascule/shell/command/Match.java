/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Receiver;
import io.bascule.api.Subscription;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.List;

/**
 * {@code mqtt:match}: who would get a message published at a topic, and why.
 *
 * @param topic where it would be published
 */
public record Match(Topic topic) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows who would get a message at a topic, and why.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:match plant/line1/temperature";

    /** What would become of the message. */
    enum Outcome {
        /** Sent at once. */
        SENT("sent at once"),
        /** Kept in the session: QoS 1 and 2. */
        WAITS("waits for its client, unless it has QoS 0"),
        /** Kept in the session with any QoS, since what is published with QoS 0 is delivered with more. */
        WAITS_ALWAYS("waits for its client"),
        /** Kept in the session: QoS 1 and 2, and of QoS 0 the last of each topic. */
        WAITS_OR_LATEST("waits for its client; with QoS 0 until a later one comes"),
        /** The last of each topic is kept in the session. */
        LATEST_WAITS("waits for its client until a later one comes"),
        /** QoS 0 for a client that is away. */
        LOST("lost, since its client is away"),
        /** One of its group is sent it. */
        TAKES_TURNS("sent to one of the group, in turn"),
        /** Its group passes it over while another one is connected. */
        STANDS_BY("only while all of the group are away");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private static final List<Column<Receiver>> COLUMNS = List.of(
            new Column<>("clientId", "Client id", Receiver::clientId),
            new Column<>("connected", "Connected", Receiver::connected),
            new Column<>("qos", "QoS at most", receiver -> receiver.maximumQos().level()),
            new Column<>("filters", "By filter", Match::filters),
            new Column<>("share", "Share", Receiver::shareName),
            new Column<>("outcome", "What becomes of it", Match::outcome));

    private static final Comparator<Receiver> ORDER = Comparator.<Receiver, String>comparing(
                    receiver -> receiver.shareName().orElse(""))
            .thenComparing(Receiver::clientId);

    /**
     * The topic that is asked for.
     *
     * @param topic as typed, null when it was left out
     * @throws CommandFailure when it is not a topic
     */
    public static Match of(String topic) {
        return new Match(Input.topic(topic, "mqtt:match"));
    }

    @Override
    public View run(Services services) {
        return Table.of(
                services.runningBroker().receivers(topic),
                ORDER,
                "Nobody would get it." + Input.secondThought(topic.name()),
                COLUMNS);
    }

    private static List<String> filters(Receiver receiver) {
        return receiver.subscriptions().stream()
                .map(Subscription::filter)
                .map(Object::toString)
                .toList();
    }

    private static Outcome outcome(Receiver receiver) {
        if (receiver.shareName().isPresent()) {
            return receiver.connected() ? Outcome.TAKES_TURNS : Outcome.STANDS_BY;
        }
        if (receiver.connected()) {
            return Outcome.SENT;
        }
        return whileAway(receiver.maximumQos() != QoS.AT_MOST_ONCE, receiver.subscriptions());
    }

    private static Outcome whileAway(boolean keepsMore, List<Subscription> subscriptions) {
        if (subscriptions.stream().anyMatch(each -> each.local().minimumQos() != QoS.AT_MOST_ONCE)) {
            return Outcome.WAITS_ALWAYS;
        }
        if (subscriptions.stream().anyMatch(each -> each.local().keepsLatest())) {
            return keepsMore ? Outcome.WAITS_OR_LATEST : Outcome.LATEST_WAITS;
        }
        return keepsMore ? Outcome.WAITS : Outcome.LOST;
    }
}
