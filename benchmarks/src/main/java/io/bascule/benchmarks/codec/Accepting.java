/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.codec;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;

/** Lets the client in, and keeps the last of what it hears, so that everything has to be made. */
final class Accepting implements ConnectionHandler {
    private Connection connection;
    private Object last;
    private int heard;

    Connection connection() {
        return connection;
    }

    /** How many packets have come, and the last one. */
    int heard() {
        return heard;
    }

    Object last() {
        return last;
    }

    @Override
    public void opened(Connection opened) {
        connection = opened;
    }

    @Override
    public void packet(ControlPacket packet) {
        connection.send(new ControlPacket.ConnAck(false, ReasonCode.SUCCESS, ControlPacket.ServerProperties.NONE));
    }

    @Override
    public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
        last = message;
        heard++;
    }

    @Override
    public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {
        last = kind;
        heard++;
    }

    @Override
    public void writabilityChanged() {}

    @Override
    public void failed(ReasonCode reason, String what) {
        throw new IllegalStateException(what);
    }

    @Override
    public void closed(String why) {}
}
