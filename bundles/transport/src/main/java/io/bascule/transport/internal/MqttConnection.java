/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The way out of one connection: writes what its handler sends. */
final class MqttConnection implements Connection {
    private final ChannelHandlerContext ctx;
    private final NettyEventLoop eventLoop;
    private final Terms terms;
    private final SocketAddress remote;
    private final Gathering gathering;
    private final ConnectionLife life;
    private OutgoingAliases aliases; // null until there is a use for them

    MqttConnection(
            ChannelHandlerContext ctx,
            NettyEventLoop eventLoop,
            ConnectionHandler handler,
            Terms terms,
            Lifecycle lifecycle,
            Carrier carrier) {
        this.ctx = ctx;
        this.eventLoop = eventLoop;
        this.terms = terms;
        this.remote = carrier.remote();
        this.gathering = new Gathering(ctx, eventLoop, carrier.framing());
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
        return remote;
    }

    Channel channel() {
        return ctx.channel();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls == null) {
            return List.of();
        }
        try {
            return Stream.of(tls.engine().getSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of(); // it has shown none
        }
    }

    @Override
    public Optional<MqttVersion> version() {
        return Optional.ofNullable(terms.version());
    }

    @Override
    public boolean isWritable() {
        return life.isWritable();
    }

    @Override
    public void send(ControlPacket packet) {
        if (life.isClosing() || packet instanceof ControlPacket.Disconnect && !terms.mayDisconnect()) {
            return;
        }
        Optional<ByteBuf> encoded = eventLoop.packetEncoder().encode(packet, terms);
        if (encoded.isPresent()) {
            terms.sent(packet);
            if (packet instanceof ControlPacket.ConnAck connAck
                    && connAck.reason().isFailure()) {
                life.lingerWhenClosed(); // the client may have sent more ahead of it
            }
            gather(encoded.get());
        } else if (packet instanceof ControlPacket.ConnAck connAck) {
            refuse(connAck);
        } else {
            tooLarge(packet.getClass().getSimpleName());
        }
    }

    private void gather(ByteBuf packet) {
        life.reading().answered(packet.readableBytes());
        try {
            gathering.room(packet.readableBytes()).writeBytes(packet);
        } finally {
            packet.release();
        }
    }

    /** A client that does not even take CONNACK is not accepted, and hears nothing else [MQTT-3.2.0-1]. */
    private void refuse(ControlPacket.ConnAck connAck) {
        if (connAck.reason() == ReasonCode.SUCCESS) {
            send(new ControlPacket.ConnAck(false, ReasonCode.PACKET_TOO_LARGE, ControlPacket.ServerProperties.NONE));
        }
        life.close("a client that takes " + terms.maximumOutgoing() + " bytes at most, less than its CONNACK");
    }

    /** Fails, but not at once: the handler that sends is in the middle of something. */
    private void tooLarge(String packet) {
        String what = packet + " is larger than the " + terms.maximumOutgoing() + " bytes that the other end takes";
        eventLoop.execute(() -> life.fail(ReasonCode.PACKET_TOO_LARGE, what)); // [MQTT-3.1.2-24]
    }

    @Override
    public boolean publish(
            Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] subscriptionIdentifiers) {
        if (life.isClosing()) {
            return true;
        }
        PublishEncoder encoder = eventLoop.encoder();
        encoder.prepare(message, terms.version() == MqttVersion.MQTT_5, qos, retain, dup, subscriptionIdentifiers);
        if (terms.outgoingAliases() > 0 && publishByAlias(encoder, message, packetId)) {
            return true;
        }
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
        appendPayload(encoder, message);
        return true;
    }

    /** Sends what the encoder has with a Topic Alias; false when this topic has none, or it does not fit that way. */
    private boolean publishByAlias(PublishEncoder encoder, Message message, int packetId) {
        if (aliases == null) {
            aliases = new OutgoingAliases();
        }
        Topic topic = message.topic();
        int alias = aliases.of(topic);
        boolean known = alias > 0;
        if (!known) {
            alias = aliases.next(topic, terms.outgoingAliases());
        }
        if (alias == 0 || encoder.aliasedSize(!known) > terms.maximumOutgoing()) {
            return false;
        }
        encoder.writeAliased(gathering.room(encoder.aliasedLength(!known)), alias, !known, packetId);
        appendPayload(encoder, message);
        if (!known) {
            aliases.sent(topic, alias);
        }
        return true;
    }

    private void appendPayload(PublishEncoder encoder, Message message) {
        gathering.publishes(message.payload().length);
        if (encoder.isPayloadShared()) {
            gathering.append(encoder.sharedPayload());
        }
    }

    @Override
    public void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason) {
        if (life.isClosing()) {
            return;
        }
        boolean bare = reason == ReasonCode.SUCCESS || terms.version() != MqttVersion.MQTT_5;
        if (terms.maximumOutgoing() < (bare ? 4 : 5)) {
            tooLarge(kind.name());
        } else if (bare) {
            life.reading().answered(4);
            gathering.room(4).writeInt(kind.firstByte() << 24 | 2 << 16 | packetId);
        } else {
            life.reading().answered(5);
            gathering
                    .room(5)
                    .writeInt(kind.firstByte() << 24 | 3 << 16 | packetId)
                    .writeByte(reason.code());
        }
    }

    @Override
    public void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason, String reasonString) {
        boolean wanted = terms.version() == MqttVersion.MQTT_5 && terms.problemInformation(); // [MQTT-3.1.2-29]
        Optional<ByteBuf> explained = wanted && !life.isClosing()
                ? eventLoop.packetEncoder().encode(kind, packetId, reason, reasonString, terms)
                : Optional.empty();
        if (explained.isPresent()) {
            gather(explained.get());
        } else {
            acknowledge(kind, packetId, reason);
        }
    }

    @Override
    public void readTimeout(Duration timeout) {
        life.readTimeout(timeout);
    }

    @Override
    public void reading(boolean enabled) {
        life.heard(); // whom we did not listen to was not silent
        life.reading().want(enabled);
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
