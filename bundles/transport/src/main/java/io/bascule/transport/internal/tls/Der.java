/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal.tls;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** As much of the Distinguished Encoding Rules (X.690) as it takes to say in PKCS#8 what a traditional private key says. */
final class Der {
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;

    private Der() {}

    /** An element of these parts. */
    static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        int length = content.size();
        if (length > 0xffff) {
            throw new IllegalArgumentException(length + " bytes are more than a private key has");
        } else if (length > 0xff) {
            element.write(0x82);
            element.write(length >> 8);
        } else if (length > 0x7f) {
            element.write(0x81);
        }
        element.write(length);
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    /**
     * The content of the next element, which has this tag.
     *
     * @throws IllegalArgumentException when it is another one, or not all there
     */
    static ByteBuffer content(ByteBuffer in, int tag) {
        try {
            int found = in.get() & 0xff;
            if (found != tag) {
                throw new IllegalArgumentException("an element of another kind");
            }
            int length = in.get() & 0xff;
            if (length == 0x81) {
                length = in.get() & 0xff;
            } else if (length == 0x82) {
                length = in.getShort() & 0xffff;
            } else if (length > 0x7f) {
                throw new IllegalArgumentException("an element that is too long");
            }
            ByteBuffer content = in.slice(in.position(), length);
            in.position(in.position() + length);
            return content;
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("an element that is not all there", e);
        }
    }
}
