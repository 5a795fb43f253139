/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

/** A line, taken apart from its beginning. */
final class Words {
    private String rest;

    Words(String line) {
        rest = line.strip();
    }

    /** The next word, empty where there is none; what stands in double quotes is one, also behind {@code =}. */
    String next() {
        int end = 0;
        boolean quoted = false;
        while (end < rest.length() && (quoted || !Character.isWhitespace(rest.charAt(end)))) {
            quoted ^= rest.charAt(end) == '"';
            end++;
        }
        if (quoted) {
            throw new IllegalArgumentException("a double quote is not closed");
        }
        String word = rest.substring(0, end);
        rest = rest.substring(end).strip();
        return word;
    }

    /** All that is left, as it stands. */
    String rest() {
        return rest;
    }
}
