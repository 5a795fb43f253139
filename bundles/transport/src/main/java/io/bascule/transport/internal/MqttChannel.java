/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.malformed;

import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ConnectionHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Netty calls for one connection: cuts the stream into packets, has {@link IncomingPackets} read them, and passes on what becomes of
 * the channel. The way out is {@link MqttConnection}.
 */
final class MqttChannel extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(MqttChannel.class);
    private static final int SMALLEST_PARTIAL = 512;

    private final NettyEventLoop eventLoop;
    private final ConnectionHandler handler;
    private final Lifecycle lifecycle;
    private final Carrier carrier;
    private final Terms terms;

    private ConnectionLife life;
    private IncomingPackets packets;
    private ClientPace pace; // null where the other end may send as fast as it can
    private ByteBuf partial;

    MqttChannel(NettyEventLoop eventLoop, ConnectionHandler handler, Role role, Lifecycle lifecycle, Carrier carrier) {
        this.eventLoop = eventLoop;
        this.handler = handler;
        this.lifecycle = lifecycle;
        this.carrier = carrier;
        this.terms = new Terms(role);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        life = new MqttConnection(ctx, eventLoop, handler, terms, lifecycle, carrier).life();
        packets = new IncomingPackets(handler, terms, eventLoop.topics(), life);
        Role role = terms.role();
        if (!role.rates().isAny()) {
            pace = new ClientPace(role.rates(), role.hits(), eventLoop, life);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        life.opened();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        ByteBuf in = (ByteBuf) received;
        int bytes = in.readableBytes();
        try {
            if (partial != null) {
                readPartial(in);
            }
            readPackets(in);
        } catch (MqttFormatException e) {
            refuse(e);
        } catch (RuntimeException e) {
            LOG.error("{}: unexpected failure, the connection is closed", carrier.remote(), e);
            life.fail(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "internal error");
        } finally {
            keepRest(ctx, in);
            if (pace != null && !life.isDeaf()) {
                pace.received(packets.messages(), bytes);
            }
            packets.count(bytes, eventLoop.traffic());
        }
    }

    private void refuse(MqttFormatException e) {
        e.limit().ifPresent(terms.role().hits()::hit);
        life.refuse(e.reason(), e.getMessage());
    }

    /** Fills up the packet that has begun with what it lacks, and reads it: what comes behind it need not be copied. */
    private void readPartial(ByteBuf in) {
        ByteBuf begun = partial;
        partial = null;
        try {
            while (begun.isReadable() && in.isReadable() && !life.isDeaf()) {
                // Grows by doubling, so that a packet costs its bytes however small its pieces are.
                begun.writeBytes(in, Math.min(in.readableBytes(), missing(begun)));
                readPackets(begun);
            }
        } finally {
            if (begun.isReadable()) {
                partial = begun;
            } else {
                begun.release();
            }
        }
    }

    /** So many bytes more are part of the packet that has begun, as far as that can be told; of one that is too large all that come. */
    private int missing(ByteBuf begun) {
        int size = packetSize(begun);
        if (size < 0) {
            return 1;
        }
        return size > terms.maximumIncoming() ? Integer.MAX_VALUE : size - begun.readableBytes();
    }

    private void keepRest(ChannelHandlerContext ctx, ByteBuf in) {
        try {
            if (life.isDeaf()) {
                releasePartial();
            } else if (in.isReadable()) {
                partial = ctx.alloc()
                        .buffer(Math.max(SMALLEST_PARTIAL, in.readableBytes()))
                        .writeBytes(in);
            }
        } finally {
            in.release();
        }
    }

    private void releasePartial() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    private void readPackets(ByteBuf in) {
        boolean any = false;
        while (!life.isDeaf() && readPacket(in)) {
            any = true;
        }
        if (any) {
            life.heard();
        }
    }

    /** Reads one packet; false when it is not all there. */
    private boolean readPacket(ByteBuf in) {
        int size = packetSize(in);
        if (size < 0) {
            return false;
        }
        int start = in.readerIndex();
        int body = start + headerSize(size);
        if (size > terms.maximumIncoming()) {
            throw packets.tooLarge(in, in.getUnsignedByte(start), body, size);
        }
        if (in.readableBytes() < size) {
            return false;
        }
        in.readerIndex(start + size);
        packets.read(in, in.getUnsignedByte(start), body, start + size);
        return true;
    }

    /** The size of the packet that begins here, -1 when its length itself is not all there. */
    private static int packetSize(ByteBuf in) {
        int start = in.readerIndex();
        int end = in.writerIndex();
        int at = start + 1;
        int length = 0;
        int shift = 0;
        int next;
        do {
            if (at >= end) {
                return -1;
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
        return at - start + length;
    }

    /** Of a packet of this size: its length takes no more bytes than it needs. */
    private static int headerSize(int size) {
        return size < 2 + 128 ? 2 : size < 3 + 16_384 ? 3 : size < 4 + 2_097_152 ? 4 : 5;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!life.isDeaf()) {
            life.reading().hasRead();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        life.writabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof MqttFormatException e) {
            refuse(e);
        } else {
            life.broken(cause);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof InputEnded ended) {
            life.ended(ended.why());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        releasePartial();
        if (pace != null) {
            pace.stop();
        }
        life.gone();
    }
}
