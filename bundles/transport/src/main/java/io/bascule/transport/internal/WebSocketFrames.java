/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static io.bascule.transport.internal.MqttFormatException.protocolError;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The way in of one WebSocket: takes the frames off what comes, and passes on what was in them as a stream, since packets and frames do not
 * begin and end together [MQTT-6.0.0-2]. It does that in the buffer that was read, and keeps no more of a frame than its header: however
 * long a frame says it is, only packets take memory, which have limits.
 */
final class WebSocketFrames extends ChannelInboundHandlerAdapter {
    private static final int LONGEST_CONTROL = 125;

    private final WebSocketFraming out;
    private final FrameHeader header = new FrameHeader();
    private boolean inPayload;
    private long left; // of the payload
    private long mask; // for the next byte of the payload first
    private boolean inMessage; // a fragment has come, and not the last one
    private byte[] control = {}; // the payload of a control frame
    private int controlLength;
    private boolean ended;
    private MqttFormatException failure;
    private boolean answered;

    WebSocketFrames(WebSocketFraming out) {
        this.out = out;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        ByteBuf in = (ByteBuf) received;
        int start = in.readerIndex();
        int end = start;
        boolean before = ended;
        while (in.isReadable() && !ended) {
            if (inPayload) {
                end = payload(ctx, in, end);
            } else if (header.read(in.readByte())) {
                begin(ctx);
            }
        }
        if (end > start) {
            ctx.fireChannelRead(in.setIndex(start, end));
        } else {
            in.release();
        }
        if (failure != null) {
            MqttFormatException why = failure;
            failure = null;
            ctx.fireExceptionCaught(why);
        } else if (ended && !before) {
            ctx.fireUserEventTriggered(new InputEnded("the other end has closed its WebSocket"));
        }
    }

    private void begin(ChannelHandlerContext ctx) {
        String flaw = header.flaw();
        if (flaw != null) {
            fail(WebSocketFraming.PROTOCOL_ERROR, flaw);
            return;
        }
        switch (header.opcode()) {
            case FrameHeader.BINARY, FrameHeader.CONTINUATION -> {
                if (inMessage == (header.opcode() == FrameHeader.BINARY)) {
                    fail(WebSocketFraming.PROTOCOL_ERROR, "a WebSocket message whose fragments do not go together");
                }
                inMessage = !header.isFinal();
            }
            case FrameHeader.CLOSE, FrameHeader.PING, FrameHeader.PONG -> controlLength = 0;
            case FrameHeader.TEXT ->
                fail(
                        WebSocketFraming.UNSUPPORTED_DATA,
                        "a WebSocket frame of text, and packets come in binary ones"); // [MQTT-6.0.0-1]
            default -> fail(WebSocketFraming.PROTOCOL_ERROR, "a WebSocket frame of a kind that there is not");
        }
        long masks = header.mask() & 0xFFFF_FFFFL;
        mask = masks << 32 | masks;
        left = header.payloadLength();
        inPayload = true;
        if (left == 0) {
            finish(ctx);
        }
    }

    /** Takes what is there of the payload, and returns where what is passed on ends. */
    private int payload(ChannelHandlerContext ctx, ByteBuf in, int end) {
        int length = (int) Math.min(left, in.readableBytes());
        int moved = end;
        if (header.isControl()) {
            unmask(in, in.readerIndex(), length);
            keepControl(in, length);
        } else {
            unmask(in, end, length);
            in.skipBytes(length);
            moved += length;
        }
        left -= length;
        if (left == 0) {
            finish(ctx);
        }
        return moved;
    }

    private void keepControl(ByteBuf in, int length) {
        if (control.length == 0) {
            control = new byte[LONGEST_CONTROL];
        }
        in.readBytes(control, controlLength, length);
        controlLength += length;
    }

    /** Takes the mask off the next bytes and moves them here, where they are to be: never further back than they are. */
    private void unmask(ByteBuf in, int to, int length) {
        int from = in.readerIndex();
        int done = 0;
        for (; done + Long.BYTES <= length; done += Long.BYTES) {
            in.setLong(to + done, in.getLong(from + done) ^ mask);
        }
        for (; done < length; done++) {
            in.setByte(to + done, in.getByte(from + done) ^ (int) (mask >>> 56));
            mask = Long.rotateLeft(mask, 8);
        }
    }

    private void finish(ChannelHandlerContext ctx) {
        inPayload = false;
        if (header.opcode() == FrameHeader.PING) {
            pong(ctx);
        } else if (header.opcode() == FrameHeader.CLOSE) {
            closed();
        }
        header.clear();
    }

    /** Whoever pings and does not read is owed no answer: only the last one counts (RFC 6455, section 5.5.3). */
    private void pong(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && !out.isClosed()) {
            ctx.write(WebSocketFraming.pong(ctx.alloc(), control, controlLength), ctx.voidPromise());
            answered = true;
        }
    }

    private void closed() {
        if (controlLength == 0) {
            out.closeWith(WebSocketFraming.NO_CODE);
            ended = true;
        } else if (controlLength == 1 || !mayBeSent((control[0] & 255) << 8 | control[1] & 255)) {
            fail(WebSocketFraming.PROTOCOL_ERROR, "a WebSocket Close frame with a code that there is not");
        } else {
            out.closeWith((control[0] & 255) << 8 | control[1] & 255); // the answer has the same
            ended = true;
        }
    }

    /** The codes that RFC 6455, section 7.4, and the registry that it begins let somebody send. */
    private static boolean mayBeSent(int code) {
        return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
    }

    private void fail(int code, String what) {
        if (!ended) {
            ended = true;
            out.closeWith(code);
            failure = protocolError(what);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (answered) {
            answered = false;
            ctx.flush();
        }
        ctx.fireChannelReadComplete();
    }
}
