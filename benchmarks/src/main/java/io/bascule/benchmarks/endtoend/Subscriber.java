/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Packets;
import java.nio.ByteBuffer;
import java.util.List;

/** Takes what it has subscribed to, acknowledges it, and has it put in the book. */
final class Subscriber extends Client {
    private static final int FILTERS_AT_ONCE = 50;

    private final int index;
    private final List<String> filters;
    private final int qos;
    private final Taker taker;
    private int asked;
    private int packets;

    /** Who is told of each message. */
    interface Taker {
        void take(int subscriber, int publisher, int number, long dueNanos);
    }

    Subscriber(Loop loop, Identity identity, int index, List<String> filters, int qos, Taker taker) {
        super(loop, identity);
        this.index = index;
        this.filters = filters;
        this.qos = qos;
        this.taker = taker;
    }

    /** A session that it comes back to has its subscriptions already. */
    @Override
    void connected() {
        subscribed();
    }

    @Override
    void subscribed() {
        if (asked == filters.size()) {
            open();
            return;
        }
        int next = Math.min(filters.size(), asked + FILTERS_AT_ONCE);
        byte[] packet = Encoding.subscribe(version(), ++packets, filters.subList(asked, next), qos);
        room(packet.length).put(packet);
        asked = next;
    }

    @Override
    void published(int deliveredQos, ByteBuffer in, int begin) {
        int at = begin + 2 + (in.getShort(begin) & 0xFFFF);
        if (deliveredQos > 0) {
            acknowledge(deliveredQos == 1 ? Packets.PUBACK : Packets.PUBREC, in.getShort(at) & 0xFFFF);
            at += 2;
        }
        if (version() == Encoding.VERSION_5) {
            at = pastProperties(in, at);
        }
        taker.take(index, in.getInt(at + 8), in.getInt(at + 12), in.getLong(at));
    }

    @Override
    void answered(int type, int packetId, boolean refused) {
        acknowledge(Packets.PUBCOMP, packetId);
    }
}
