/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.buffer.ByteBufUtil;

/** What a field of a packet holds at most: netty-codec-mqtt cuts the length of a longer one to two bytes, and garbles what follows. */
final class Fields {
    private static final int LONGEST = 65_535;

    private Fields() {}

    /** @throws IllegalArgumentException when it is longer than a field can be, 65,535 bytes */
    static String checked(String text) {
        if (text.length() > LONGEST / 3) { // a char takes three bytes at most
            check(ByteBufUtil.utf8Bytes(text));
        }
        return text;
    }

    /** @throws IllegalArgumentException when it is longer than a field can be, 65,535 bytes */
    static byte[] checked(byte[] bytes) {
        check(bytes.length);
        return bytes;
    }

    private static void check(int length) {
        if (length > LONGEST) {
            throw new IllegalArgumentException("a field takes at most " + LONGEST + " bytes, not " + length);
        }
    }
}
