/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.Packets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the remote broker gave to the bridge, as its packets say that pass through a proxy: what came out of order there, or was sent once more
 * as another message, is the remote broker's doing. Of what a connection brought only that counts which the bridge has acknowledged on it.
 */
final class Wire {
    private final Map<String, Given> byTopic = new HashMap<>();
    private final Map<Integer, Arrival> unreleased = new ConcurrentHashMap<>(); // those of QoS 2, over all connections

    /** Looks for messages of these topics at the remote broker. */
    Wire(List<String> topics) {
        topics.forEach(topic -> byTopic.put(topic, new Given()));
    }

    /** How many messages of a topic came for the first time after one with a higher number. */
    long outOfOrder(String topic) {
        return byTopic.get(topic).outOfOrder();
    }

    /** How many messages of a topic came again under another Packet Identifier, or after PUBREL. */
    long sentAnew(String topic) {
        return byTopic.get(topic).sentAnew();
    }

    /** For one connection. */
    Proxy.Tap tap() {
        return new Connection();
    }

    /** What was given of one topic, over all connections. */
    private static final class Given {
        private static final int RELEASED = 0;

        private final Map<Integer, Integer> packetIds = new HashMap<>();
        private int highest = -1;
        private long outOfOrder;
        private long sentAnew;

        synchronized void take(int number, int packetId) {
            Integer before = packetIds.put(number, packetId);
            if (before == null) {
                outOfOrder += number < highest ? 1 : 0;
                highest = Math.max(highest, number);
            } else if (before != packetId) {
                sentAnew++;
            }
        }

        synchronized void release(int number) {
            packetIds.put(number, RELEASED);
        }

        synchronized long outOfOrder() {
            return outOfOrder;
        }

        synchronized long sentAnew() {
            return sentAnew;
        }
    }

    private static final class Arrival {
        final Given given;
        final int number;
        final int packetId;
        private boolean acknowledged;
        private boolean counted;
        private boolean released;

        Arrival(Given given, int number, int packetId) {
            this.given = given;
            this.number = number;
            this.packetId = packetId;
        }

        synchronized void acknowledge() {
            acknowledged = true;
        }

        synchronized boolean isAcknowledged() {
            return acknowledged;
        }

        synchronized void count() {
            if (acknowledged) {
                given.take(number, packetId);
                counted = true;
                if (released) {
                    given.release(number);
                }
            }
        }

        synchronized void release() {
            released = true;
            if (counted) {
                given.release(number);
            }
        }
    }

    private final class Connection implements Proxy.Tap {
        private final Cutter fromRemote = new Cutter();
        private final Cutter fromBridge = new Cutter();
        private final Deque<Arrival> arrivals = new ArrayDeque<>();
        private final Map<Integer, Arrival> unacknowledged = new HashMap<>();

        @Override
        public synchronized void fromFar(byte[] bytes, int length) {
            fromRemote.cut(bytes, length, this::arrived);
        }

        @Override
        public synchronized void fromNear(byte[] bytes, int length) {
            fromBridge.cut(bytes, length, this::answered);
        }

        @Override
        public synchronized void ended() {
            arrivals.forEach(Arrival::count);
            arrivals.clear();
            unacknowledged.clear();
        }

        private void arrived(int firstByte, ByteBuffer body) {
            if (firstByte >> 4 == Packets.PUBREL) {
                Arrival ended = unreleased.remove(body.getShort() & 0xFFFF);
                if (ended != null) {
                    ended.release();
                }
            }
            if (firstByte >> 4 != Packets.PUBLISH || (firstByte & 6) == 0) {
                return;
            }
            body.mark();
            byte[] topic = new byte[body.getShort() & 0xFFFF];
            body.get(topic).reset();
            Given given = byTopic.get(new String(topic, StandardCharsets.UTF_8));
            int packetId = Packets.skipToPayload(firstByte, body);
            if (given != null) {
                Arrival arrival = new Arrival(given, (int) body.getLong(), packetId);
                arrivals.add(arrival);
                unacknowledged.put(packetId, arrival);
                if ((firstByte & 6) == 4) {
                    unreleased.put(packetId, arrival);
                }
            }
        }

        private void answered(int firstByte, ByteBuffer body) {
            int type = firstByte >> 4;
            if (type != Packets.PUBACK && type != Packets.PUBREC) {
                return;
            }
            Arrival arrival = unacknowledged.remove(body.getShort() & 0xFFFF);
            if (arrival != null) {
                arrival.acknowledge();
                while (!arrivals.isEmpty() && arrivals.peek().isAcknowledged()) {
                    arrivals.remove().count();
                }
            }
        }
    }

    private interface Packet {
        void is(int firstByte, ByteBuffer body);
    }

    /** Cuts the bytes of one direction into packets. */
    private static final class Cutter {
        private static final int BYTES_AT_FIRST = 1 << 16;

        private ByteBuffer rest = ByteBuffer.allocate(BYTES_AT_FIRST);

        void cut(byte[] bytes, int length, Packet packet) {
            if (rest.remaining() < length) {
                rest = ByteBuffer.allocate(2 * (rest.capacity() + length)).put(rest.flip());
            }
            rest.put(bytes, 0, length).flip();
            while (next(packet)) {
                // until one is not all there
            }
            rest.compact();
        }

        private boolean next(Packet packet) {
            int at = rest.position() + 1;
            int length = 0;
            int shift = 0;
            int digit;
            do {
                if (at >= rest.limit()) {
                    return false;
                }
                digit = rest.get(at++);
                length |= (digit & 127) << shift;
                shift += 7;
            } while (digit < 0);
            if (rest.limit() - at < length) {
                return false;
            }
            packet.is(rest.get(rest.position()) & 255, rest.slice(at, length));
            rest.position(at + length);
            return true;
        }
    }
}
