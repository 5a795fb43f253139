/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.users;

import java.util.Base64;

/** Reads the parts of a hash. What is wrong is said in half a sentence that leaves out what stands there. */
public final class HashParts {
    private HashParts() {}

    /** @throws IllegalArgumentException when it is not Base64 of so many bytes */
    public static byte[] bytes(String what, String base64, int fewest, int most) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the " + what + " of its hash is not Base64", e);
        }
        if (bytes.length < fewest || bytes.length > most) {
            throw new IllegalArgumentException("the " + what + " of its hash has " + bytes.length
                    + " bytes; allowed is " + (fewest == most ? String.valueOf(fewest) : fewest + " to " + most));
        }
        return bytes;
    }

    /** @throws IllegalArgumentException when it is not a whole number within these bounds */
    public static int number(String what, String text, int lowest, int highest) {
        try {
            int number = Integer.parseInt(text);
            if (number >= lowest && number <= highest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "the " + what + " of its hash is out of bounds; allowed is " + lowest + " to " + highest);
    }
}
