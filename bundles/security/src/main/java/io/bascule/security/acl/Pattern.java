/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.Client;
import java.util.Optional;

/** A topic filter in which {@code %u} and {@code %c} may stand for whole levels. Immutable. */
final class Pattern {
    private static final String USER = "%u";
    private static final String CLIENT = "%c";
    /** As deep as it goes is looked at for each message, by recursion. */
    private static final int MOST_LEVELS = 128;

    private final TopicFilter filter;
    private final boolean filled;

    private Pattern(TopicFilter filter, boolean filled) {
        this.filter = filter;
        this.filled = filled;
    }

    /** A filter as it stands. */
    static Pattern literal(String text) {
        return new Pattern(filter(text), false);
    }

    /**
     * One that is to be filled.
     *
     * @throws IllegalArgumentException when it is none; the message is half a sentence
     */
    static Pattern parse(String text) {
        TopicFilter filter = filter(text);
        boolean filled = false;
        for (String level : filter.levels()) {
            boolean whole = level.equals(USER) || level.equals(CLIENT);
            if (!whole && (level.contains(USER) || level.contains(CLIENT))) {
                throw new IllegalArgumentException(
                        "%u and %c stand for a whole level, in \"" + text + "\" one shares it");
            }
            filled |= whole;
        }
        return new Pattern(filter, filled);
    }

    private static TopicFilter filter(String text) {
        TopicFilter filter = TopicFilter.of(text);
        if (filter.isShared()) {
            throw new IllegalArgumentException("leave out $share/ and the name: what is behind them counts");
        }
        if (filter.levelCount() > MOST_LEVELS) {
            throw new IllegalArgumentException("a filter has at most " + MOST_LEVELS + " levels");
        }
        return filter;
    }

    /** Whether a name is to be filled in. */
    boolean hasNames() {
        return filled;
    }

    /** The levels as they stand. */
    String[] levels() {
        return filter.levels().toArray(String[]::new);
    }

    /**
     * The levels for this client; empty where it is not about it. A name that is empty or bears {@code + # /} fills nothing: what is allowed
     * by it is not, and what is denied by it is denied whatever stands in its place.
     */
    Optional<String[]> levelsFor(Client client, boolean allow) {
        String[] levels = levels();
        for (int i = 0; i < levels.length; i++) {
            String name;
            if (levels[i].equals(USER) && client.identity().userName().isPresent()) {
                name = client.identity().userName().get();
            } else if (levels[i].equals(CLIENT)) {
                name = client.clientId();
            } else if (levels[i].equals(USER)) {
                return Optional.empty();
            } else {
                continue;
            }
            boolean fits = !name.isEmpty() && name.chars().noneMatch(c -> c == '+' || c == '#' || c == '/');
            if (!fits && allow) {
                return Optional.empty();
            }
            levels[i] = fits ? name : "+";
        }
        return Optional.of(levels);
    }
}
