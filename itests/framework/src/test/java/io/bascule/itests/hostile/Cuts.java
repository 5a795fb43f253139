/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

/** How a receiver cuts bytes into packets, as far as their lengths can be read. */
final class Cuts {
    /** What is missing where the receiver has to end it, whatever follows. */
    static final int NEVER = -1;

    private static final int LONGEST_LENGTH = 4;

    private Cuts() {}

    /**
     * How many bytes are missing to the end of the last packet: 0 where there is none that is not whole.
     *
     * @param mostBytes of a packet, beyond which it is {@link #NEVER} whole
     */
    static int missing(byte[] bytes, int mostBytes) {
        int start = 0;
        while (start < bytes.length) {
            int length = 0;
            int at = start + 1;
            boolean more = true;
            for (; more && at - start <= LONGEST_LENGTH; at++) {
                int digit = at < bytes.length ? bytes[at] : 0; // zeros follow
                length |= (digit & 127) << 7 * (at - start - 1);
                more = digit < 0;
            }
            if (more || at - start + length > mostBytes) {
                return NEVER;
            }
            start = at + length;
        }
        return start - bytes.length;
    }
}
