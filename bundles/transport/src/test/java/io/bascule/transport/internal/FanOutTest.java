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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one message for many receivers takes while it waits for their sockets. */
class FanOutTest {
    private static final int RECEIVERS = 1000;
    private static final int PAYLOAD = 16 * 1024;
    /** What a connection gathers headers in. */
    private static final int SMALLEST_BUFFER = 512;

    private static final int[] NONE = {};

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final Turns turns = new Turns();
    private final NettyEventLoop eventLoop = new NettyEventLoop(turns, allocator);

    @Test
    void hasOneCopyOfALargePayloadForAThousandReceivers() {
        byte[] payload = new byte[PAYLOAD];
        Arrays.fill(payload, (byte) 'x');
        Message message = Message.of(Topic.of("images/1"), payload, QoS.AT_LEAST_ONCE, false);
        List<Receiver> receivers =
                IntStream.range(0, RECEIVERS).mapToObj(i -> new Receiver(i)).toList();

        receivers.forEach(each -> each.publish(message));

        assertThat(held()).isBetween((long) PAYLOAD, 2L * PAYLOAD + RECEIVERS * SMALLEST_BUFFER);
        turns.end();
        for (Receiver each : receivers) {
            byte[] got = each.received();
            assertThat(Arrays.copyOfRange(got, got.length - PAYLOAD, got.length))
                    .isEqualTo(payload);
        }
        assertThat(held()).isZero();
    }

    private long held() {
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }

    /** One of those that differ: every second speaks 5.0 and has QoS 1, and every fourth takes Topic Aliases. */
    private final class Receiver implements ConnectionHandler {
        private final EmbeddedChannel channel = new EmbeddedChannel();
        private final QoS qos;
        private Connection connection;

        Receiver(int number) {
            boolean version5 = number % 2 == 1;
            qos = version5 ? QoS.AT_LEAST_ONCE : QoS.AT_MOST_ONCE;
            channel.config().setAllocator(allocator);
            Role role = new Role(true, 1024, 1024, PropertyLimits.DEFAULT, ClientRates.ANY, new LimitHits());
            channel.pipeline()
                    .addLast(new MqttChannel(
                            eventLoop,
                            this,
                            role,
                            new Unaccounted(),
                            new Carrier(new InetSocketAddress(0), Framing.NONE)));
            channel.pipeline().fireChannelActive();
            channel.writeInbound(Unpooled.wrappedBuffer(connect(version5, number % 4 == 1 ? 10 : 0)));
        }

        private static byte[] connect(boolean version5, int aliases) {
            byte[] v3 = {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'c'};
            byte[] v5 = {0x10, 17, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 0, 3, 0x22, 0, (byte) aliases, 0, 1, 'c'};
            return version5 ? v5 : v3;
        }

        void publish(Message message) {
            assertThat(connection.publish(message, qos, false, false, qos == QoS.AT_MOST_ONCE ? 0 : 1, NONE))
                    .isTrue();
        }

        /** All that it has got; then it goes. */
        byte[] received() {
            List<ByteBuf> left = new ArrayList<>();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                left.add(out);
            }
            ByteBuf all = Unpooled.wrappedBuffer(left.toArray(ByteBuf[]::new));
            byte[] bytes = new byte[all.readableBytes()];
            all.readBytes(bytes).release();
            channel.finishAndReleaseAll();
            return bytes;
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
        public void writabilityChanged() {}

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
