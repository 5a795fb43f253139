/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import java.text.Normalizer;

/**
 * Names and passwords as they are compared: prepared by SASLprep (RFC 4013), so that it does not matter how a character was typed. Which
 * characters there are, and their directions, are those of the JDK's Unicode, not of Unicode 3.2 alone.
 */
final class Prepared {
    /** RFC 3454, table C.1.2: other spaces, which become one. */
    private static final int[][] SPACES = {
        {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200B}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}
    };

    /** Table B.1: what becomes nothing. U+200B is in both, and a space for PostgreSQL too, whose hashes these are. */
    private static final int[][] NOTHING = {
        {0xAD, 0xAD},
        {0x34F, 0x34F},
        {0x1806, 0x1806},
        {0x180B, 0x180D},
        {0x200C, 0x200D},
        {0x2060, 0x2060},
        {0xFE00, 0xFE0F},
        {0xFEFF, 0xFEFF}
    };

    /** Tables C.2.1, C.2.2, C.3 to C.9, without what is never left of them after the mapping. */
    private static final int[][] PROHIBITED = {
        {0x00, 0x1F},
        {0x7F, 0x9F},
        {0x340, 0x341},
        {0x6DD, 0x6DD},
        {0x70F, 0x70F},
        {0x180E, 0x180E},
        {0x200E, 0x200F},
        {0x2028, 0x202E},
        {0x2061, 0x2063},
        {0x206A, 0x206F},
        {0x2FF0, 0x2FFB},
        {0xD800, 0xF8FF},
        {0xFDD0, 0xFDEF},
        {0xFFF9, 0xFFFF},
        {0x1D173, 0x1D17A},
        {0xE0001, 0xE0001},
        {0xE0020, 0xE007F},
        {0xF0000, 0x10FFFF}
    };

    private static final int PLANE = 0xFFFF;
    private static final int FIRST_NONCHARACTER = 0xFFFE;

    private Prepared() {}

    /**
     * Prepares it.
     *
     * @param what for the message, such as {@code user name}
     * @throws IllegalArgumentException where it is empty, or has characters that may not be there; the message leaves out what they are
     */
    static String of(String what, String text) {
        String prepared = Normalizer.normalize(mapped(text), Normalizer.Form.NFKC);
        if (prepared.isEmpty() || prepared.codePoints().anyMatch(Prepared::isProhibited) || !goesOneWay(prepared)) {
            throw new IllegalArgumentException("the " + what + " has characters that SASLprep does not allow, or none");
        }
        return prepared;
    }

    private static String mapped(String text) {
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isIn(SPACES, c)) {
                mapped.append(' ');
            } else if (!isIn(NOTHING, c)) {
                mapped.appendCodePoint(c);
            }
        });
        return mapped.toString();
    }

    private static boolean isProhibited(int c) {
        return !Character.isDefined(c) || (c & PLANE) >= FIRST_NONCHARACTER || isIn(PROHIBITED, c);
    }

    /** RFC 3454, section 6: what has characters from right to left has none from left to right, and begins and ends with one of them. */
    private static boolean goesOneWay(String text) {
        return text.codePoints().noneMatch(Prepared::isRightToLeft)
                || isRightToLeft(text.codePointAt(0))
                        && isRightToLeft(text.codePointBefore(text.length()))
                        && text.codePoints()
                                .noneMatch(
                                        c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
    }

    private static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    private static boolean isIn(int[][] ranges, int c) {
        for (int[] range : ranges) {
            if (c >= range[0] && c <= range[1]) {
                return true;
            }
        }
        return false;
    }
}
