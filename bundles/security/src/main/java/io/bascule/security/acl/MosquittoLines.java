/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads Mosquitto's {@code acl_file}. There what a client's own section denies comes before what it allows, and that before the patterns, of
 * which those that deny come first again, wherever in the file they stand.
 */
final class MosquittoLines implements LineReader {
    static final Set<String> WORDS = Set.of("topic", "pattern", "user");

    private static final Map<String, Set<Action>> ACCESS = Map.of(
            "read",
            Set.of(Action.RECEIVE, Action.SUBSCRIBE),
            "write",
            Set.of(Action.PUBLISH),
            "readwrite",
            Action.ALL,
            "deny",
            Action.ALL);
    private final List<Rule> topicDenials = new ArrayList<>();
    private final List<Rule> topicGrants = new ArrayList<>();
    private final List<Rule> patternDenials = new ArrayList<>();
    private final List<Rule> patternGrants = new ArrayList<>();
    private Who section = Who.EVERYBODY.anonymous();

    @Override
    public void read(int number, String line) {
        String[] words = split(line);
        switch (words[0]) {
            case "user" -> section = user(words[1]);
            case "topic" -> {
                Rule rule = rule(number, line, words[1], section, false);
                (rule.allow() ? topicGrants : topicDenials).add(rule);
            }
            case "pattern" -> {
                Rule rule = rule(number, line, words[1], Who.HARMLESS, true);
                (rule.allow() ? patternGrants : patternDenials).add(rule);
            }
            default ->
                throw new IllegalArgumentException("it begins neither with topic nor with user nor with pattern");
        }
    }

    /** The first word, and what is left. */
    private static String[] split(String text) {
        int blank = text.indexOf(' ');
        return blank < 0
                ? new String[] {text, ""}
                : new String[] {text.substring(0, blank), text.substring(blank).strip()};
    }

    private static Who user(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("it has no user name");
        }
        return Who.EVERYBODY.user(name);
    }

    private static Rule rule(int number, String line, String text, Who who, boolean pattern) {
        String[] words = split(text);
        String access = words[0];
        String topic = words[1];
        if (topic.isEmpty()) { // a single word is the topic
            topic = access;
            access = "readwrite";
        }
        if (topic.isEmpty()) {
            throw new IllegalArgumentException("it has no topic");
        }
        if (!ACCESS.containsKey(access)) {
            throw new IllegalArgumentException(
                    "\"" + access + "\" is no kind of access; allowed is read, write, readwrite or deny");
        }
        return new Rule(
                number,
                line,
                !access.equals("deny"),
                ACCESS.get(access),
                who,
                pattern ? Pattern.parse(topic) : Pattern.literal(topic));
    }

    @Override
    public List<Rule> rules() {
        return Stream.of(topicDenials, topicGrants, patternDenials, patternGrants)
                .flatMap(List::stream)
                .toList();
    }
}
