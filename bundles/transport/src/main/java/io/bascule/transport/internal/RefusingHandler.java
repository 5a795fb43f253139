/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import java.time.Duration;

/** Answers the CONNECT of a client for whom there is no room, and closes; the broker never hears of it. */
final class RefusingHandler implements ConnectionHandler {
    /** Whoever comes only to hear a refusal has no reason to take long. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private Connection connection;

    @Override
    public void opened(Connection opened) {
        connection = opened;
        connection.readTimeout(PATIENCE);
    }

    @Override
    public void packet(ControlPacket packet) {
        if (packet instanceof ControlPacket.Connect) {
            connection.send(new ControlPacket.ConnAck(
                    false, ReasonCode.QUOTA_EXCEEDED, ControlPacket.ServerProperties.NONE)); // section 3.2.2.2
        }
        connection.close();
    }

    @Override
    public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
        connection.close();
    }

    @Override
    public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {
        connection.close();
    }

    @Override
    public void writabilityChanged() {
        // it sends one packet
    }

    @Override
    public void failed(ReasonCode reason, String what) {
        connection.close();
    }

    @Override
    public void closed(String why) {
        // it holds nothing
    }
}
