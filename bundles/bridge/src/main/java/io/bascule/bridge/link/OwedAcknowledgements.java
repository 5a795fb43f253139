/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.route.RouteBooks;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The PUBACKs and PUBRECs that a connection owes the remote broker. They go out in the order in which the messages have come, each kind by itself
 * [MQTT-4.6.0-2, MQTT-4.6.0-3]: one that is refused here is not answered before an earlier one that waits for the disk. On the event loop alone.
 */
final class OwedAcknowledgements {
    private final Connection connection;
    private final Lane pubacks = new Lane(Acknowledgement.PUBACK);
    private final Lane pubrecs = new Lane(Acknowledgement.PUBREC);

    OwedAcknowledgements(Connection connection) {
        this.connection = connection;
    }

    /** Whether it is not known yet what becomes of a message with this identifier. */
    boolean isUndecided(QoS qos, int packetId) {
        return qos != QoS.AT_MOST_ONCE && lane(qos).owed.get(packetId) != null;
    }

    /** A message has come, and what becomes of it shows later. */
    void owe(QoS qos, int packetId, RouteBooks books) {
        lane(qos).owe(packetId, books);
    }

    /** It is known now what becomes of it; returns its books, null where nobody waits for that any more. */
    RouteBooks decided(QoS qos, int packetId) {
        return lane(qos).owed.replace(packetId, null);
    }

    /** Answers a message when its turn has come; nothing for QoS 0. */
    void acknowledge(QoS qos, int packetId, ReasonCode reason) {
        if (qos != QoS.AT_MOST_ONCE) {
            lane(qos).acknowledge(packetId, reason);
        }
    }

    /** How many are owed. */
    int size() {
        return pubacks.owed.size() + pubrecs.owed.size();
    }

    /** The connection is gone: the remote broker sends all of them again. */
    void forget() {
        pubacks.forget();
        pubrecs.forget();
    }

    private Lane lane(QoS qos) {
        return qos == QoS.AT_LEAST_ONCE ? pubacks : pubrecs;
    }

    private final class Lane {
        private final Acknowledgement kind;
        /** In the order in which they came; without books where only the answer is still to go out. */
        private final Map<Integer, RouteBooks> owed = new LinkedHashMap<>();
        /** What is to be said of those whose turn has not come. */
        private final Map<Integer, ReasonCode> waiting = new HashMap<>();

        Lane(Acknowledgement kind) {
            this.kind = kind;
        }

        void owe(int packetId, RouteBooks books) {
            owed.put(packetId, books);
            waiting.remove(packetId);
        }

        void acknowledge(int packetId, ReasonCode reason) {
            if (owed.isEmpty() || first() == packetId) {
                owed.remove(packetId);
                connection.acknowledge(kind, packetId, reason);
                acknowledgeWaiting();
            } else {
                owed.put(packetId, null);
                waiting.put(packetId, reason);
            }
        }

        private int first() {
            return owed.keySet().iterator().next();
        }

        private void acknowledgeWaiting() {
            while (!waiting.isEmpty()) {
                int packetId = first();
                ReasonCode reason = waiting.remove(packetId);
                if (reason == null) {
                    return;
                }
                owed.remove(packetId);
                connection.acknowledge(kind, packetId, reason);
            }
        }

        void forget() {
            owed.forEach((packetId, books) -> {
                if (books != null) {
                    books.returned();
                }
            });
            owed.clear();
            waiting.clear();
        }
    }
}
