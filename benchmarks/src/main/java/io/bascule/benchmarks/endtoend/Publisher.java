/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Packets;
import java.nio.ByteBuffer;

/** Publishes as much as its pace permits, to its topics in turns. */
final class Publisher extends Client {
    private static final int IN_FLIGHT = 100;
    private static final int PACKET_IDS = 65_535;
    private static final int BYTES_A_TURN = 64 * 1024;
    private static final byte[] PADDING = new byte[BYTES_A_TURN];
    /** A prime number, so that all topics have their turn, and neighbours are not near each other in time. */
    private static final int STRIDE = 7919;

    private final int index;
    private final byte[][] topics;
    private final Kind kind;
    private Pace pace = Pace.STOPPED;
    private int topic;
    private int sent;
    private int inFlight;
    private int packetId;

    /** What its messages have in common. */
    record Kind(int qos, boolean retained, int payload) {}

    Publisher(Loop loop, Identity identity, int index, byte[][] topics, Kind kind) {
        super(loop, identity);
        this.index = index;
        this.topics = topics;
        this.kind = kind;
        this.topic = (int) ((long) index * STRIDE % topics.length);
    }

    int index() {
        return index;
    }

    /** How many it has published. */
    int sent() {
        return sent;
    }

    /** QoS 1 and 2 messages that are not acknowledged. */
    int inFlight() {
        return inFlight;
    }

    /** From now on it keeps to this one. */
    void keepTo(Pace newPace) {
        pace = newPace;
        loop().touch(this);
    }

    @Override
    void answered(int type, int answeredId, boolean refused) {
        if (type == Packets.PUBREC && !refused) {
            acknowledge(Packets.PUBREL, answeredId);
        } else {
            inFlight--;
            loop().touch(this);
        }
    }

    @Override
    boolean fill() {
        long now = loop().now();
        long permitted = pace.permitted(this, now);
        if (kind.qos > 0) {
            permitted = Math.min(permitted, IN_FLIGHT - inFlight);
        }
        for (; permitted > 0 && waiting() < BYTES_A_TURN; permitted--) {
            publish(pace.due(this, now));
        }
        return permitted > 0;
    }

    private void publish(long dueNanos) {
        byte[] name = topics[topic];
        int properties = version() == Encoding.VERSION_5 ? 1 : 0;
        int length = 2 + name.length + (kind.qos > 0 ? 2 : 0) + properties + kind.payload;
        ByteBuffer out = room(Encoding.packetLength(length));
        out.put((byte) (Packets.PUBLISH << 4 | kind.qos << 1 | (kind.retained ? 1 : 0)));
        Encoding.putLength(out, length);
        out.putShort((short) name.length).put(name);
        if (kind.qos > 0) {
            packetId = packetId % PACKET_IDS + 1;
            out.putShort((short) packetId);
            inFlight++;
        }
        if (properties > 0) {
            out.put((byte) 0);
        }
        out.putLong(dueNanos).putInt(index).putInt(sent);
        out.put(PADDING, 0, kind.payload - Shape.LEAST_PAYLOAD);
        sent++;
        topic = (topic + STRIDE) % topics.length;
    }
}
