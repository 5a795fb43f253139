/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;

/** Checks what was typed. */
final class Input {
    /** Both shells are Gogo's: a # where a word begins makes the rest of the line a comment, $ a variable. */
    private static final String QUOTE = "Quote what begins with # or holds a $, as in ";

    private Input() {}

    static Topic topic(String text) {
        if (text == null) {
            throw new CommandFailure("A topic is missing. " + QUOTE + "mqtt:publish '$topic' 'a message'.");
        }
        try {
            return Topic.of(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(sentence(e));
        }
    }

    static TopicFilter filter(String text) {
        if (text == null) {
            throw new CommandFailure("A topic filter is missing. " + QUOTE + "mqtt:subscribe '#'.");
        }
        try {
            return TopicFilter.of(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(sentence(e));
        }
    }

    static QoS qos(String text) {
        return switch (text) {
            case "0", "1", "2" -> QoS.ofLevel(text.charAt(0) - '0');
            default -> throw new CommandFailure("--qos is 0, 1 or 2, not " + text + ".");
        };
    }

    private static String sentence(IllegalArgumentException e) {
        String reason = e.getMessage();
        return Character.toUpperCase(reason.charAt(0)) + reason.substring(1) + ".";
    }
}
