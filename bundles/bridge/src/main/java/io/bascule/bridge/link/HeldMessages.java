/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.mqtt.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * QoS 1 and 2 messages of the remote broker that have come while the direction is paused, in order and unacknowledged: once as many are held
 * as Receive Maximum allows, the remote broker sends no more.
 *
 * <p>They are bounded in bytes as well, and in number against a broker that does not keep to Receive Maximum. To stop reading at a bound would
 * be to hear no acknowledgement and no PINGRESP either, and so to stall the other direction and lose the connection. So at a bound all of them
 * are let go of: the remote broker still has them, since none is acknowledged, and sends them again, in order, on the next connection, which is
 * made when the pause ends. Nothing after the first that was let go of may be taken on this connection; it would overtake.
 */
final class HeldMessages {
    /** As much as one packet may have unless the file says otherwise: a bridge that is paused costs no more than one that receives. */
    static final long MOST_BYTES = 16L << 20;

    private final int most;
    private final Map<Integer, Held> byPacketId = new LinkedHashMap<>();
    private long bytes;
    private boolean passedOver;

    /** Who takes a message that was held. */
    interface Taker {
        void take(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers);
    }

    private record Held(Message message, boolean dup, int[] subscriptionIdentifiers) {}

    /** Of which there are so many at most. */
    HeldMessages(int most) {
        this.most = most;
    }

    /** Holds a message, once, also where a broker sends it again on the same connection; or lets go of all. */
    void hold(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
        if (passedOver || byPacketId.containsKey(packetId)) {
            return;
        }
        bytes += message.sizeInBytes();
        if (bytes > MOST_BYTES || byPacketId.size() == most) {
            passedOver = true;
            byPacketId.clear();
        } else {
            byPacketId.put(packetId, new Held(message, dup, subscriptionIdentifiers));
        }
    }

    /** Whether there are some that only the next connection brings again. */
    boolean hasPassedOver() {
        return passedOver;
    }

    /** Hands over what is held, in order. */
    void release(Taker taker) {
        List<Map.Entry<Integer, Held>> all = new ArrayList<>(byPacketId.entrySet());
        byPacketId.clear();
        bytes = 0;
        all.forEach(each -> taker.take(
                each.getValue().message(),
                each.getKey(),
                each.getValue().dup(),
                each.getValue().subscriptionIdentifiers()));
    }
}
