/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.transport.ConnectionHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;

/**
 * The server's end of a connection without a network and without a thread: what comes in is read by whoever brings it, and a turn of the
 * event loop ends when he says so.
 *
 * <p>In this package because nothing of the codec is public, and is not to be for the sake of its measurement.
 */
public final class MemoryConnection {
    private static final int LARGEST = 1024 * 1024;

    private final Turns turns = new Turns();
    private final EmbeddedChannel channel;

    /**
     * A connection that has opened.
     *
     * @param network what leaves goes there, one buffer at a time; it releases them
     */
    public MemoryConnection(ByteBufAllocator allocator, ChannelHandler network, ConnectionHandler handler) {
        NettyEventLoop eventLoop = new NettyEventLoop(turns, allocator);
        Role role = new Role(true, LARGEST, LARGEST, PropertyLimits.DEFAULT, ClientRates.ANY, new LimitHits());
        Carrier carrier = new Carrier(new InetSocketAddress(0), Framing.NONE);
        channel = new EmbeddedChannel(network);
        channel.config().setAllocator(allocator);
        channel.pipeline().addLast(new MqttChannel(eventLoop, handler, role, new Unaccounted(), carrier));
        channel.pipeline().fireChannelActive();
    }

    /** This has come from the network, in one read; its reference is taken over. */
    public void read(ByteBuf packets) {
        channel.pipeline().fireChannelRead(packets);
        channel.pipeline().fireChannelReadComplete();
    }

    /** What was sent in this turn leaves. */
    public void endTurn() {
        turns.end();
    }

    /** An event loop that never runs. */
    private static final class Turns extends DefaultEventLoop {
        void end() {
            afterRunningAllTasks();
        }

        @Override
        protected boolean wakesUpForTask(Runnable task) {
            return false;
        }
    }

    private static final class Unaccounted implements Lifecycle {
        @Override
        public void opened(MqttConnection opened) {}

        @Override
        public void closed(MqttConnection closed) {}
    }
}
