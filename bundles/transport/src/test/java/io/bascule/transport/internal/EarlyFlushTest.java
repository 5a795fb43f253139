/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is much leaves before the event loop's turn ends: what that means for who sends it. */
class EarlyFlushTest {
    private static final int[] NONE = {};
    /** More than a channel takes before it counts as not writable. */
    private static final Message LARGE = Message.of(Topic.of("images/1"), new byte[100_000], QoS.AT_MOST_ONCE, false);

    private final Turns turns = new Turns();
    private final NettyEventLoop eventLoop = new NettyEventLoop(turns, new UnpooledByteBufAllocator(true));
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Sender sender = new Sender();

    @BeforeEach
    void connect() {
        Role role = new Role(true, 1024, 1024, PropertyLimits.DEFAULT, ClientRates.ANY, new LimitHits());
        channel.pipeline()
                .addLast(new MqttChannel(
                        eventLoop,
                        sender,
                        role,
                        new Unaccounted(),
                        new Carrier(new InetSocketAddress(0), Framing.NONE)));
        channel.pipeline().fireChannelActive();
        channel.writeInbound(
                Unpooled.wrappedBuffer(new byte[] {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'c'}));
        turns.end();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        turns.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void leavesBeforeTheTurnEnds() {
        sender.publish(LARGE);

        assertThat(outgoing()).isGreaterThan(100_000);
    }

    @Test
    void tellsThatItMaySendAgainWhenTheMessageIsOnItsWay() throws InterruptedException {
        sender.publish(LARGE);
        turns.end();

        assertThat(sender.toldThatItMay.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(sender.toldWithinThatItMay).isFalse();
    }

    private int outgoing() {
        int bytes = 0;
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            bytes += out.readableBytes();
            out.release();
        }
        return bytes;
    }

    private static final class Sender implements ConnectionHandler {
        private Connection connection;
        private volatile boolean within;
        private final CountDownLatch toldThatItMay = new CountDownLatch(1);
        private volatile boolean toldWithinThatItMay;

        void publish(Message message) {
            within = true;
            connection.publish(message, QoS.AT_MOST_ONCE, false, false, 0, NONE);
            within = false;
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
        public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {}

        @Override
        public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {}

        @Override
        public void writabilityChanged() {
            if (connection.isWritable()) {
                toldWithinThatItMay |= within;
                toldThatItMay.countDown();
            }
        }

        @Override
        public void failed(ReasonCode reason, String what) {
            throw new AssertionError(what);
        }

        @Override
        public void closed(String why) {}
    }

    private static final class Unaccounted implements Lifecycle {
        @Override
        public void opened(MqttConnection opened) {}

        @Override
        public void closed(MqttConnection closed) {}
    }
}
