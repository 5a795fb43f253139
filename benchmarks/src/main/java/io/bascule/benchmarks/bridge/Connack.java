/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import java.nio.ByteBuffer;

/**
 * What a client wants to know from a CONNACK of 5.0.
 *
 * @param reason 0 when the connection is accepted
 * @param receiveMaximum QoS 1 and 2 messages that the broker takes before it has acknowledged the first
 */
record Connack(boolean sessionPresent, int reason, int receiveMaximum) {
    private static final int RECEIVE_MAXIMUM = 0x21;
    private static final int NONE_SAID = 65_535;

    static Connack read(ByteBuffer body) {
        boolean sessionPresent = (body.get() & 1) != 0;
        int reason = body.get() & 255;
        int length = variableByteInteger(body);
        int end = body.position() + length;
        int receiveMaximum = NONE_SAID;
        while (body.position() < end) {
            int property = body.get();
            if (property == RECEIVE_MAXIMUM) {
                receiveMaximum = body.getShort() & 0xFFFF;
            } else {
                skip(property, body);
            }
        }
        return new Connack(sessionPresent, reason, receiveMaximum);
    }

    private static void skip(int property, ByteBuffer body) {
        switch (property) {
            case 0x24, 0x25, 0x28, 0x29, 0x2A -> body.get();
            case 0x13, 0x22 -> body.getShort();
            case 0x11, 0x27 -> body.getInt();
            case 0x26 -> {
                skipString(body);
                skipString(body);
            }
            default -> skipString(body);
        }
    }

    private static void skipString(ByteBuffer body) {
        int length = body.getShort() & 0xFFFF;
        body.position(body.position() + length);
    }

    private static int variableByteInteger(ByteBuffer body) {
        int value = 0;
        int shift = 0;
        int next;
        do {
            next = body.get();
            value |= (next & 127) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }
}
