/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;

/** The way out of one connection: writes what its handler sends. */
final class MqttConnection implements Connection {
    private final ChannelHandlerContext ctx;
    private final NettyEventLoop eventLoop;
    private final Terms terms;
    private final Gathering gathering;
    private final ConnectionLife life;

    MqttConnection(
            ChannelHandlerContext ctx,
            NettyEventLoop eventLoop,
            ConnectionHandler handler,
            Terms terms,
            Lifecycle lifecycle) {
        this.ctx = ctx;
        this.eventLoop = eventLoop;
        this.terms = terms;
        this.gathering = new Gathering(ctx, eventLoop);
        this.life = new ConnectionLife(ctx, this, handler, lifecycle, gathering);
    }

    ConnectionLife life() {
        return life;
    }

    @Override
    public NettyEventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public SocketAddress remoteAddress() {
        return ctx.channel().remoteAddress();
    }

    @Override
    public Optional<MqttVersion> version() {
        return Optional.ofNullable(terms.version());
    }

    @Override
    public boolean isWritable() {
        return ctx.channel().isWritable();
    }

    @Override
    public void send(ControlPacket packet) {
        if (life.isClosing()) {
            return;
        }
        terms.sending(packet);
        byte[] bytes = PacketWriter.write(packet, terms.version());
        gathering.room(bytes.length).writeBytes(bytes);
    }

    @Override
    public boolean publish(
            Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] subscriptionIdentifiers) {
        if (life.isClosing()) {
            return true;
        }
        PublishEncoder encoder = eventLoop.encoder();
        encoder.prepare(message, terms.version() == MqttVersion.MQTT_5, qos, retain, dup, subscriptionIdentifiers);
        if (encoder.packetSize() > terms.maximumOutgoing()) {
            return false;
        }
        int length = encoder.frameLength();
        ByteBuf out = gathering.room(length);
        int start = out.writerIndex();
        out.writeBytes(encoder.frame(), 0, length);
        if (packetId != 0) {
            out.setShort(start + encoder.packetIdAt(), packetId);
        }
        if (encoder.isPayloadShared()) {
            gathering.append(encoder.sharedPayload());
        }
        return true;
    }

    @Override
    public void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason) {
        if (life.isClosing()) {
            return;
        }
        if (reason == ReasonCode.SUCCESS || terms.version() != MqttVersion.MQTT_5) {
            gathering.room(4).writeInt(kind.firstByte() << 24 | 2 << 16 | packetId);
        } else {
            gathering
                    .room(5)
                    .writeInt(kind.firstByte() << 24 | 3 << 16 | packetId)
                    .writeByte(reason.code());
        }
    }

    @Override
    public void readTimeout(Duration timeout) {
        life.readTimeout(timeout);
    }

    @Override
    public void reading(boolean enabled) {
        life.heard(); // whom we did not listen to was not silent
        ctx.channel().config().setAutoRead(enabled);
    }

    @Override
    public void close() {
        if (eventLoop.inEventLoop()) {
            life.close();
        } else {
            eventLoop.execute(life::close);
        }
    }

    /** Lets the handler say a last word, and closes. Callable from any thread. */
    void fail(ReasonCode reason, String what) {
        eventLoop.execute(() -> life.fail(reason, what));
    }
}
