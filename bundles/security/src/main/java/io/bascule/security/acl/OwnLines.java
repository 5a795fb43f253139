/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code allow|deny action[,action…] [who…] filter}. */
final class OwnLines implements LineReader {
    private static final java.util.regex.Pattern KEY = java.util.regex.Pattern.compile("[a-z]+=.*");
    private static final String ACTIONS =
            Stream.of(Action.values()).map(Action::word).collect(Collectors.joining(", ")) + " or all";

    private final List<Rule> rules = new ArrayList<>();

    @Override
    public void read(int number, String line) {
        Words words = new Words(line);
        boolean allow = allows(words.next());
        Set<Action> actions = actions(words.next());
        Who who = Who.EVERYBODY;
        String before = words.rest();
        for (String word = words.next(); isAboutWho(word); word = words.next()) {
            who = and(who, word);
            before = words.rest();
        }
        if (before.isEmpty()) {
            throw new IllegalArgumentException("it has no topic filter at its end");
        }
        rules.add(new Rule(number, line, allow, actions, who, Pattern.parse(unquoted(before))));
    }

    private static boolean allows(String word) {
        return switch (word) {
            case "allow" -> true;
            case "deny" -> false;
            default -> throw new IllegalArgumentException("it begins neither with allow nor with deny");
        };
    }

    private static Set<Action> actions(String words) {
        if (words.equals("all")) {
            return Action.ALL;
        }
        Set<Action> actions = EnumSet.noneOf(Action.class);
        for (String word : words.split(",", -1)) {
            actions.add(Stream.of(Action.values())
                    .filter(action -> action.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "\"" + word + "\" is nothing that one may do; allowed is " + ACTIONS)));
        }
        return Set.copyOf(actions);
    }

    private static boolean isAboutWho(String word) {
        return word.equals("*") || word.equals("anonymous") || KEY.matcher(word).matches();
    }

    private static Who and(Who who, String word) {
        int equals = word.indexOf('=');
        String key = equals < 0 ? word : word.substring(0, equals);
        String value = unquoted(word.substring(equals + 1));
        if (value.isEmpty()) {
            throw new IllegalArgumentException(key + "= has no value");
        }
        return switch (key) {
            case "*" -> who;
            case "anonymous" -> who.anonymous();
            case "user" -> who.user(value);
            case "group" -> who.group(value);
            case "client" -> who.client(value);
            case "bridge" -> who.bridge(value);
            case "listener" -> who.listener(value);
            case "address" -> who.address(Network.parse(value));
            default ->
                throw new IllegalArgumentException("\"" + key
                        + "\" is nothing that a client has; allowed are user, group, client, bridge, address and listener;"
                        + " a topic filter that looks like this stands in double quotes");
        };
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    @Override
    public List<Rule> rules() {
        return rules;
    }
}
