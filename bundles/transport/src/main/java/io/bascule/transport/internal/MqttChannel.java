/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;
import static io.bascule.transport.internal.MqttFormatException.protocolError;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.EventLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: cuts the stream into packets, reads them, and writes what is sent.
 *
 * <p>What is sent is gathered in one buffer, which leaves when the event loop's turn ends ({@link NettyEventLoop#flushAtEndOfTurn}).
 */
final class MqttChannel extends ChannelInboundHandlerAdapter implements Connection {
    private static final Logger LOG = LoggerFactory.getLogger(MqttChannel.class);
    private static final int SMALLEST_GATHERING = 512;
    private static final int LARGEST_GATHERING = 64 * 1024;
    private static final long CLOSE_TIMEOUT_MILLIS = 1000;
    /** The largest packet that MQTT can express, with its header, in bytes. */
    private static final long LARGEST_PACKET = 268_435_460;

    private final NettyEventLoop eventLoop;
    private final ConnectionHandler handler;
    private final Role role;
    private final PublishDecoder publishDecoder;
    private final Lifecycle lifecycle;

    private ChannelHandlerContext ctx;
    private MqttVersion version;
    private int maximumIncoming;
    private long maximumOutgoing = LARGEST_PACKET;
    private boolean accepted; // by the server that we are the client of

    private ByteBuf partial;
    private ByteBuf gathered;
    private int gatheringSize = SMALLEST_GATHERING;
    private boolean flushScheduled;

    private boolean deaf;
    private boolean closing;
    private String closeReason;
    private long lastPacketNanos;
    private Duration readTimeout = Duration.ZERO;
    private AutoCloseable readTimer;

    /**
     * Which end of the connection this is.
     *
     * @param fromClient whether the packets that come in are a client's
     * @param firstPacketSize the largest first packet, in bytes
     * @param packetSize the largest packet after that, in bytes
     */
    record Role(boolean fromClient, int firstPacketSize, int packetSize) {}

    /** Whoever keeps account of the connection. */
    interface Lifecycle {
        void opened(MqttChannel channel);

        /** Comes exactly once after {@link #opened}. */
        void closed(MqttChannel channel);
    }

    MqttChannel(NettyEventLoop eventLoop, ConnectionHandler handler, Role role, Lifecycle lifecycle) {
        this.eventLoop = eventLoop;
        this.handler = handler;
        this.role = role;
        this.lifecycle = lifecycle;
        this.publishDecoder = new PublishDecoder(eventLoop.topics(), role.fromClient());
        this.maximumIncoming = role.firstPacketSize();
    }

    // ---------------------------------------------------------------- reading

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        lifecycle.opened(this);
        guarded(() -> handler.opened(this));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object received) {
        ByteBuf in = (ByteBuf) received;
        boolean accumulated = partial != null;
        if (accumulated) {
            in = append(in);
        }
        try {
            readPackets(in);
        } catch (MqttFormatException e) {
            fail(e.reason(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{}: unexpected failure, the connection is closed", remoteAddress(), e);
            fail(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "internal error");
        } finally {
            keepRest(in, accumulated);
        }
    }

    private ByteBuf append(ByteBuf in) {
        ByteBuf all = partial;
        try {
            all.writeBytes(in); // grows by doubling, so that a packet costs its bytes however small its pieces are
        } finally {
            in.release();
        }
        partial = null;
        return all;
    }

    private void keepRest(ByteBuf in, boolean accumulated) {
        if (deaf || !in.isReadable()) {
            in.release();
        } else if (accumulated && in.readerIndex() == 0) {
            partial = in;
        } else {
            try {
                partial = ctx.alloc()
                        .buffer(Math.max(SMALLEST_GATHERING, in.readableBytes()))
                        .writeBytes(in);
            } finally {
                in.release();
            }
        }
    }

    private void readPackets(ByteBuf in) {
        boolean any = false;
        while (!deaf && readPacket(in)) {
            any = true;
        }
        if (any) {
            lastPacketNanos = System.nanoTime();
        }
    }

    /** Reads one packet; false when it is not all there. */
    private boolean readPacket(ByteBuf in) {
        int start = in.readerIndex();
        int end = in.writerIndex();
        int at = start + 1;
        int length = 0;
        int shift = 0;
        int next;
        do {
            if (at >= end) {
                return false; // the length itself is not all there
            }
            if (shift == 28) {
                throw malformed("the remaining length takes more than four bytes"); // section 1.5.5
            }
            next = in.getByte(at++);
            length |= (next & 127) << shift;
            shift += 7;
        } while (next < 0);
        if (next == 0 && shift > 7) {
            throw malformed("the remaining length takes more bytes than it needs"); // [MQTT-1.5.5-1]
        }
        if (at - start + length > maximumIncoming) {
            throw new MqttFormatException(
                    ReasonCode.PACKET_TOO_LARGE,
                    "a packet of " + (at - start + length) + " bytes, at most " + maximumIncoming + " are allowed");
        }
        if (end - at < length) {
            return false;
        }
        in.readerIndex(at + length);
        readPacket(in, in.getUnsignedByte(start), at, at + length);
        return true;
    }

    private void readPacket(ByteBuf in, int firstByte, int start, int end) {
        int type = firstByte >> 4;
        if (type == PacketType.PUBLISH && isEstablished()) {
            Message message = publishDecoder.decode(in, firstByte, start, end, version);
            boolean dup = (firstByte & 8) != 0;
            handler.publish(message, publishDecoder.packetId(), dup, publishDecoder.subscriptionIdentifiers());
            return;
        }
        if (!PacketType.hasValidFlags(firstByte, version)) {
            throw malformed("a packet of type " + type + " with flags " + (firstByte & 15)); // [MQTT-2.1.3-1]
        }
        if (type >= PacketType.PUBACK && type <= PacketType.PUBCOMP && isEstablished()) {
            readAcknowledgement(in, type, start, end);
            return;
        }
        checkOrder(type);
        FieldReader fields = new FieldReader(in, start, end);
        if (type == PacketType.CONNECT) {
            ConnectPrefix prefix = ConnectPrefix.read(fields);
            version = prefix.version();
            ControlPacket.Connect connect = PacketReader.readConnect(prefix, fields);
            maximumOutgoing = largestOutgoing(connect.maximumPacketSize());
            handler.packet(connect);
        } else {
            received(PacketReader.read(type, fields, version, role.fromClient()));
        }
    }

    private static long largestOutgoing(OptionalLong maximumPacketSize) {
        return Math.min(LARGEST_PACKET, maximumPacketSize.orElse(LARGEST_PACKET));
    }

    /** Whether the first packet of the other side has come: CONNECT, or CONNACK. */
    private boolean isEstablished() {
        return role.fromClient() ? version != null : accepted;
    }

    private void checkOrder(int type) {
        boolean first = !isEstablished();
        int opening = role.fromClient() ? PacketType.CONNECT : PacketType.CONNACK;
        boolean authBeforeConnAck = type == PacketType.AUTH && !role.fromClient();
        if (first && type != opening && !authBeforeConnAck) {
            throw protocolError("a packet of type " + type + " before the connection is established"); // [MQTT-3.1.0-1]
        }
        if (!first && type == opening) {
            throw protocolError("a second packet of type " + type); // [MQTT-3.1.0-2]
        }
        if (!PacketType.isAllowed(type, role.fromClient())
                || type == PacketType.AUTH && version != MqttVersion.MQTT_5) {
            throw protocolError("a packet of type " + type + " from this side");
        }
    }

    private void readAcknowledgement(ByteBuf in, int type, int start, int end) {
        if (end - start < 2 || end - start > 2 && version != MqttVersion.MQTT_5) {
            throw malformed("an acknowledgement of " + (end - start) + " bytes");
        }
        int packetId = in.getUnsignedShort(start);
        if (packetId == 0) {
            throw malformed("an acknowledgement with packet identifier 0");
        }
        ReasonCode reason = ReasonCode.SUCCESS;
        if (end - start > 2) {
            FieldReader fields = new FieldReader(in, start + 2, end);
            reason = PacketReader.reason(fields.unsignedByte());
            if (fields.hasMore() && fields.variableByteInteger() != end - fields.position()) {
                throw malformed("an acknowledgement whose properties do not fill it");
            }
        }
        handler.acknowledged(PacketType.acknowledgement(type), packetId, reason);
    }

    private void received(ControlPacket packet) {
        if (packet instanceof ControlPacket.ConnAck connAck) {
            maximumOutgoing = largestOutgoing(connAck.properties().maximumPacketSize());
            maximumIncoming = role.packetSize();
            accepted = true;
        } else if (packet instanceof ControlPacket.Disconnect) {
            deaf = true; // [MQTT-3.14.4-1]
        }
        handler.packet(packet);
    }

    void fail(ReasonCode reason, String what) {
        if (deaf) {
            return;
        }
        deaf = true;
        closeReason = what;
        guarded(() -> handler.failed(reason, what));
        close();
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("{}: unexpected failure, the connection is closed", remoteAddress(), e);
            deaf = true;
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deaf = true;
        cancelReadTimer();
        if (partial != null) {
            partial.release();
            partial = null;
        }
        releaseGathered();
        guarded(() -> handler.closed(closeReason != null ? closeReason : "closed by the other end"));
        lifecycle.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof ClosedChannelException) {
            LOG.trace("{}: a write came too late", remoteAddress());
        } else if (cause instanceof IOException) {
            closeReason = closeReason == null ? "connection lost: " + cause.getMessage() : closeReason;
        } else if (!closing) {
            LOG.error("{}: unexpected failure, the connection is closed", remoteAddress(), cause);
        }
        ctx.close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        guarded(handler::writabilityChanged);
    }

    // ---------------------------------------------------------------- writing

    @Override
    public boolean isWritable() {
        return ctx.channel().isWritable();
    }

    @Override
    public void send(ControlPacket packet) {
        if (closing || !ctx.channel().isActive()) {
            return;
        }
        if (packet instanceof ControlPacket.Connect connect) {
            version = connect.version();
            publishDecoder.topicAliasMaximum(connect.topicAliasMaximum());
        } else if (packet instanceof ControlPacket.ConnAck connAck && connAck.reason() == ReasonCode.SUCCESS) {
            maximumIncoming = role.packetSize();
            publishDecoder.topicAliasMaximum(connAck.properties().topicAliasMaximum());
        }
        byte[] bytes = PacketWriter.write(packet, version);
        room(bytes.length).writeBytes(bytes);
    }

    @Override
    public boolean publish(
            Message message, QoS qos, boolean retain, boolean dup, int packetId, int[] subscriptionIdentifiers) {
        if (closing || !ctx.channel().isActive()) {
            return true;
        }
        PublishEncoder encoder = eventLoop.encoder();
        encoder.prepare(message, version == MqttVersion.MQTT_5, qos, retain, dup, subscriptionIdentifiers);
        if (encoder.packetSize() > maximumOutgoing) {
            return false;
        }
        int length = encoder.frameLength();
        ByteBuf out = room(length);
        int start = out.writerIndex();
        out.writeBytes(encoder.frame(), 0, length);
        if (packetId != 0) {
            out.setShort(start + encoder.packetIdAt(), packetId);
        }
        if (encoder.isPayloadShared()) {
            writeGathered();
            ctx.write(encoder.sharedPayload(), ctx.voidPromise());
        }
        return true;
    }

    @Override
    public void acknowledge(Acknowledgement kind, int packetId, ReasonCode reason) {
        if (closing || !ctx.channel().isActive()) {
            return;
        }
        if (reason == ReasonCode.SUCCESS || version != MqttVersion.MQTT_5) {
            room(4).writeInt(kind.firstByte() << 24 | 2 << 16 | packetId);
        } else {
            room(5).writeInt(kind.firstByte() << 24 | 3 << 16 | packetId).writeByte(reason.code());
        }
    }

    private ByteBuf room(int size) {
        if (gathered != null && gathered.writableBytes() < size) {
            gatheringSize = Math.min(LARGEST_GATHERING, gatheringSize * 4);
            writeGathered();
        }
        if (gathered == null) {
            int capacity = Math.max(size, gatheringSize);
            gathered = ctx.alloc().directBuffer(capacity, capacity);
        }
        scheduleFlush();
        return gathered;
    }

    private void scheduleFlush() {
        if (!flushScheduled) {
            flushScheduled = true;
            eventLoop.flushAtEndOfTurn(this);
        }
    }

    private void writeGathered() {
        if (gathered != null) {
            ByteBuf out = gathered;
            gathered = null;
            ctx.write(out, ctx.voidPromise());
        }
    }

    /** Hands everything gathered to the socket. */
    void flush() {
        flushScheduled = false;
        if (!ctx.channel().isActive()) {
            releaseGathered();
            return;
        }
        if (gathered != null && gathered.readableBytes() < gathered.capacity() / 8) {
            gatheringSize = Math.max(SMALLEST_GATHERING, gatheringSize / 2);
        }
        writeGathered();
        ctx.flush();
    }

    private void releaseGathered() {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    // ---------------------------------------------------------------- life

    @Override
    public EventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public SocketAddress remoteAddress() {
        return ctx.channel().remoteAddress();
    }

    @Override
    public void reading(boolean enabled) {
        lastPacketNanos = System.nanoTime();
        ctx.channel().config().setAutoRead(enabled);
    }

    @Override
    public void readTimeout(Duration timeout) {
        cancelReadTimer();
        readTimeout = timeout;
        lastPacketNanos = System.nanoTime();
        if (!timeout.isZero()) {
            readTimer = eventLoop.schedule(timeout, this::checkReadTimeout);
        }
    }

    private void checkReadTimeout() {
        readTimer = null;
        if (!ctx.channel().config().isAutoRead()) {
            lastPacketNanos = System.nanoTime(); // whom we do not listen to is not silent
        }
        long left = readTimeout.toNanos() - (System.nanoTime() - lastPacketNanos);
        if (left > 0) {
            readTimer = eventLoop.schedule(Duration.ofNanos(left), this::checkReadTimeout);
        } else {
            fail(
                    ReasonCode.KEEP_ALIVE_TIMEOUT,
                    "nothing received for " + readTimeout.toMillis() + " ms"); // [MQTT-3.1.2-22]
        }
    }

    private void cancelReadTimer() {
        if (readTimer != null) {
            try {
                readTimer.close();
            } catch (Exception e) {
                throw new IllegalStateException("a timer cannot be cancelled", e);
            }
            readTimer = null;
        }
    }

    @Override
    public void close() {
        if (!eventLoop.inEventLoop()) {
            eventLoop.execute(this::close);
            return;
        }
        if (closing) {
            return;
        }
        closing = true;
        deaf = true;
        cancelReadTimer();
        if (closeReason == null) {
            closeReason = "closed by us";
        }
        writeGathered();
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        if (ctx.channel().isActive()) {
            var forced = ctx.executor().schedule(() -> ctx.close(), CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            ctx.channel().closeFuture().addListener(closed -> forced.cancel(false));
        }
    }
}
