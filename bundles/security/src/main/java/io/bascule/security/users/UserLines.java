/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.users;

import io.bascule.security.file.BadFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Lines {@code user:hash}, beside empty ones and those that begin with {@code #}. */
public final class UserLines {
    private UserLines() {}

    /**
     * The hashes by user name, in the order of the lines.
     *
     * @param names what a written name counts as; throws {@link IllegalArgumentException} with half a sentence, as does {@code hashes}
     * @throws BadFileException where one line is wrong
     */
    public static <H> Map<String, H> parse(String text, UnaryOperator<String> names, Function<String, H> hashes)
            throws BadFileException {
        Map<String, H> users = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String written = userOf(line);
            if (written.isEmpty()) {
                throw BadFileException.at(number, "it has no user before a colon");
            }
            try {
                String user = names.apply(written);
                H hash = hashes.apply(line.substring(line.indexOf(':') + 1).strip());
                if (users.put(user, hash) != null) {
                    throw BadFileException.at(number, "its user has a line already");
                }
            } catch (IllegalArgumentException e) {
                throw BadFileException.at(number, e.getMessage());
            }
        }
        return users;
    }

    /** The user name as it is written in a line; empty where there is none. */
    static String userOf(String line) {
        int colon = line.indexOf(':');
        return colon < 0 || line.startsWith("#") ? "" : line.substring(0, colon).strip();
    }

    /** What is logged of a file. */
    public static String describe(UserFile file) {
        int users = file.userNames().size();
        return users + (users == 1 ? " user" : " users");
    }
}
