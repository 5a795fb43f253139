/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Bridge;
import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.api.SessionInfo;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks what was typed. */
final class Input {
    /** Both shells are Gogo's: a # where a word begins makes the rest of the line a comment, $ a variable. */
    private static final String QUOTE = " is missing. Quote what begins with # or holds a $, as in ";

    private Input() {}

    /** @param command as it is typed, for an example */
    static Topic topic(String text, String command) {
        if (text == null) {
            throw new CommandFailure("A topic" + QUOTE + command + " '$topic'.");
        }
        return checked(() -> Topic.of(text));
    }

    /** @param command as it is typed, for an example */
    static TopicFilter filter(String text, String command) {
        if (text == null) {
            throw new CommandFailure("A topic filter" + QUOTE + command + " '#'.");
        }
        return checked(() -> TopicFilter.of(text));
    }

    /** A filter of messages, to which nobody subscribes. */
    static TopicFilter unsharedFilter(String text, String command) {
        TopicFilter filter = filter(text, command);
        if (filter.isShared()) {
            throw new CommandFailure("No message is retained for a shared subscription; leave out $share/"
                    + filter.shareName().get() + "/.");
        }
        return filter;
    }

    /**
     * A second thought where a topic or filter looks as if the shell had taken a variable out of it, which leaves an
     * empty level. Such levels are legal, so it is no error.
     */
    static String secondThought(String topicOrFilter) {
        boolean emptyLevel = topicOrFilter.startsWith("/") || topicOrFilter.contains("//");
        return emptyLevel ? " Was there a $? The shell has taken it for a variable; quote it: '…'." : "";
    }

    static String clientId(String text) {
        if (text == null) {
            throw new CommandFailure("A client id is missing; mqtt:sessions lists them.");
        }
        return text;
    }

    static String bridge(String text) {
        if (text == null) {
            throw new CommandFailure("The bridge's name is missing; mqtt:bridges lists them.");
        }
        return text;
    }

    /** The bridge of this name. */
    static Bridge bridge(Services services, String name) {
        return services.bridges().stream()
                .filter(bridge -> bridge.status().name().equals(name))
                .findFirst()
                .orElseThrow(() -> Unknown.bridge(
                        name,
                        services.bridgeStatuses().stream()
                                .map(BridgeStatus::name)
                                .toList()));
    }

    /** The direction that is named; both when it was left out. */
    static Set<Direction> directions(String text) {
        if (text == null) {
            return EnumSet.allOf(Direction.class);
        }
        List<String> known =
                Stream.of(Direction.values()).map(Direction::toString).toList();
        if (!known.contains(text)) {
            throw Unknown.failure(
                    "There is no direction " + text,
                    text,
                    known,
                    "; there is " + String.join(" and ", known) + ", and both when it is left out.");
        }
        return EnumSet.of(Direction.valueOf(text.toUpperCase(Locale.ROOT)));
    }

    static String words(Set<Direction> directions) {
        return directions.stream().map(Direction::toString).collect(Collectors.joining(" and "));
    }

    /** The session of a client id. */
    static SessionInfo session(Services services, String clientId) {
        return services.runningBroker()
                .session(clientId)
                .orElseThrow(
                        () -> Unknown.session(clientId, services.runningBroker().sessions()));
    }

    static QoS qos(String text) {
        return switch (text) {
            case "0", "1", "2" -> QoS.ofLevel(text.charAt(0) - '0');
            default -> throw new CommandFailure("--qos is 0, 1 or 2, not " + text + ".");
        };
    }

    /**
     * A whole number from 1 on.
     *
     * @param text as typed, null when it was left out
     */
    static Optional<Integer> number(String option, String text, int highest) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= highest) {
                return Optional.of(number);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new CommandFailure(option + " is 1 to " + highest + ", not " + text + ".");
    }

    /** @throws CommandFailure with the reason that the value is refused for */
    static <T> T checked(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            String reason = e.getMessage();
            throw new CommandFailure(Character.toUpperCase(reason.charAt(0)) + reason.substring(1) + ".");
        }
    }
}
