/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Session;
import io.bascule.config.Durations;
import io.bascule.mqtt.ReasonCode;
import io.bascule.resource.Lease;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * What was asked of the remote broker over one connection by SUBSCRIBE and UNSUBSCRIBE, and who waits for the answers. Their Packet Identifiers are
 * those that the local session leaves alone, since its deliveries share the number space [MQTT-2.2.1-3]; what there is no identifier for waits
 * its turn.
 */
final class Requests {
    private static final int HIGHEST_PACKET_ID = 65_535;

    /** Without an answer for so long the connection is of no use. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Lasting link;
    private final Connection connection;
    private final Consumer<String> unanswered;
    private final Map<Integer, Asked> asked = new HashMap<>();
    private final Queue<Asked> waiting = new ArrayDeque<>();
    private int subscribing;
    private int last = HIGHEST_PACKET_ID + 1;
    private boolean limited;
    private Lease patience;

    private record Asked(boolean subscribes, IntFunction<ControlPacket> packet, Consumer<List<ReasonCode>> then) {}

    /** {@code unanswered} is told what is wrong with a remote broker that keeps silent. */
    Requests(Lasting link, Connection connection, Consumer<String> unanswered) {
        this.link = link;
        this.connection = connection;
        this.unanswered = unanswered;
    }

    /** Sends a SUBSCRIBE with the identifier it is given; the reason codes of SUBACK come to the other. */
    void subscribe(IntFunction<ControlPacket> packet, Consumer<List<ReasonCode>> then) {
        subscribing++;
        send(new Asked(true, packet, then));
    }

    /** The same for UNSUBSCRIBE; over 3.1.1 there are no reason codes. */
    void unsubscribe(IntFunction<ControlPacket> packet, Consumer<List<ReasonCode>> then) {
        send(new Asked(false, packet, then));
    }

    private void send(Asked request) {
        waiting.add(request);
        sendWaiting();
    }

    private void sendWaiting() {
        while (!waiting.isEmpty() && asked.size() < HIGHEST_PACKET_ID - Session.HIGHEST_PACKET_ID) {
            do {
                last = last == Session.HIGHEST_PACKET_ID + 1 ? HIGHEST_PACKET_ID : last - 1;
            } while (asked.containsKey(last));
            Asked next = waiting.remove();
            asked.put(last, next);
            connection.send(next.packet().apply(last));
        }
        limitTime();
    }

    /** SUBACK or UNSUBACK from the remote broker; one that nobody waits for is passed over. */
    void answered(boolean subscribes, int packetId, List<ReasonCode> reasons) {
        Asked request = asked.get(packetId);
        if (request == null || request.subscribes() != subscribes) {
            return;
        }
        asked.remove(packetId);
        subscribing -= subscribes ? 1 : 0;
        close();
        sendWaiting();
        request.then().accept(reasons);
    }

    /** Whether a SUBSCRIBE is not answered yet. */
    boolean isSubscribing() {
        return subscribing > 0;
    }

    /** Whether everything is answered. */
    boolean isEmpty() {
        return asked.isEmpty();
    }

    /** From now on nobody else looks to it that there is an answer. */
    void limit() {
        limited = true;
        limitTime();
    }

    private void limitTime() {
        if (limited && patience == null && !asked.isEmpty()) {
            patience = link.eventLoop()
                    .schedule(
                            link.scope(),
                            PATIENCE,
                            () -> unanswered.accept("the remote broker has answered no SUBSCRIBE or UNSUBSCRIBE for "
                                    + Durations.format(PATIENCE)));
        }
    }

    /** Looks to it no longer. */
    void close() {
        if (patience != null) {
            patience.close();
            patience = null;
        }
    }
}
