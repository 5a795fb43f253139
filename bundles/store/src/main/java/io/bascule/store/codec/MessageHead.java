/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.codec;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link RecordType#MESSAGE} says of a message before its {@link MessageBody}.
 *
 * @param number 0 where this is its first record, whose sequence it is
 * @param appendedAt log time
 * @param deadline the log time at which it expires; {@link #NEVER} where it does not
 * @param size its {@link io.bascule.mqtt.Message#sizeInBytes()}
 * @param retained whether it becomes the retained message of its topic, or deletes that where it has no payload
 * @param publisher the number of the session that published it under {@code receipt}; 0 where that is not kept
 * @param receipt the Packet Identifier of a QoS 2 message
 * @param receivers by session, then by copy
 */
public record MessageHead(
        long number,
        long appendedAt,
        long deadline,
        int size,
        boolean retained,
        long publisher,
        int receipt,
        List<Copy> receivers) {
    public static final long NEVER = Long.MAX_VALUE;

    private static final int RETAINED = 1;
    private static final int RECEIPT = 2;
    private static final int EXPIRES = 4;

    /** Of about how many bytes it is. */
    public int expectedBytes() {
        return 48 + 16 * receivers.size();
    }

    public void encode(Encoder to) {
        to.octet((retained ? RETAINED : 0) | (publisher != 0 ? RECEIPT : 0) | (deadline != NEVER ? EXPIRES : 0));
        to.number(number).number(appendedAt).number(size);
        if (deadline != NEVER) {
            to.number(deadline);
        }
        if (publisher != 0) {
            to.number(publisher).number(receipt);
        }
        to.number(receivers.size());
        receivers.forEach(each -> each.encode(to));
    }

    public static MessageHead decode(Decoder from) {
        int flags = from.octet();
        long number = from.number();
        long appendedAt = from.number();
        int size = from.integer();
        long deadline = (flags & EXPIRES) != 0 ? from.number() : NEVER;
        long publisher = 0;
        int receipt = 0;
        if ((flags & RECEIPT) != 0) {
            publisher = from.number();
            receipt = from.packetId();
        }
        int count = from.count();
        List<Copy> receivers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            receivers.add(Copy.decode(from));
        }
        boolean retained = (flags & RETAINED) != 0;
        return new MessageHead(number, appendedAt, deadline, size, retained, publisher, receipt, receivers);
    }
}
