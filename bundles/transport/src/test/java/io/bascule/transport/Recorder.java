/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A handler that keeps what it hears, and closes a connection that has failed as a handler is to. */
class Recorder implements ConnectionHandler {
    final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    volatile Connection connection;
    volatile Consumer<Connection> whenOpened = opened -> {};
    volatile Consumer<Connection> whenFailed = failed -> {};

    /** A PUBLISH as it was heard. */
    record Published(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {}

    /** An acknowledgement as it was heard. */
    record Acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {}

    /** The connection has failed. */
    record Failed(ReasonCode reason, String what) {}

    /** The connection has gone. */
    record Closed(String why) {}

    @Override
    public void opened(Connection opened) {
        connection = opened;
        heard.add("opened");
        whenOpened.accept(opened);
    }

    @Override
    public void packet(ControlPacket packet) {
        heard.add(packet);
        if (packet instanceof ControlPacket.Connect) {
            connection.send(new ControlPacket.ConnAck(false, ReasonCode.SUCCESS, properties()));
        }
    }

    private static ControlPacket.ServerProperties properties() {
        ControlPacket.ServerProperties none = ControlPacket.ServerProperties.NONE;
        return new ControlPacket.ServerProperties(
                none.sessionExpiryInterval(),
                none.receiveMaximum(),
                none.maximumQos(),
                none.retainAvailable(),
                none.maximumPacketSize(),
                none.assignedClientIdentifier(),
                4,
                none.reasonString(),
                true,
                true,
                true,
                none.serverKeepAlive(),
                none.responseInformation(),
                none.serverReference(),
                none.authenticationMethod(),
                none.authenticationData(),
                none.userProperties());
    }

    @Override
    public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
        heard.add(new Published(message, packetId, dup, subscriptionIdentifiers));
    }

    @Override
    public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {
        heard.add(new Acknowledged(kind, packetId, reason));
    }

    @Override
    public void writabilityChanged() {}

    @Override
    public void failed(ReasonCode reason, String what) {
        heard.add(new Failed(reason, what));
        whenFailed.accept(connection);
        connection.close();
    }

    @Override
    public void closed(String why) {
        heard.add(new Closed(why));
    }

    Object next() {
        try {
            Object event = heard.poll(20, TimeUnit.SECONDS);
            assertThat(event).as("something within 8 s").isNotNull();
            return event;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    <T> T next(Class<T> type) {
        Object event = next();
        assertThat(event).isInstanceOf(type);
        return type.cast(event);
    }
}
