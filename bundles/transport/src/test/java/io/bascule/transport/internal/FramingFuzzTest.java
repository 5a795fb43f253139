/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A stream of packets, their Remaining Lengths included, behind a byte that says who reads it, in which version and in what pieces it comes. */
class FramingFuzzTest {
    private static final int LARGEST_FIRST = 512;
    private static final int LARGEST = 2 * 1024;
    private static final int LONGEST_LENGTH = 4;
    /** What is not whole yet takes no more than twice its size, and a packet may be there in a piece of its own besides. */
    private static final int MOST_HELD = 4 * LARGEST;

    private static final MqttVersion[] VERSIONS = MqttVersion.values();

    @FuzzTest
    void readsTheSamePacketsInWhateverPiecesTheyCome(byte[] input) {
        if (input.length < 2) {
            return;
        }
        Reader whole = new Reader(input[0]);
        whole.read(input, input.length);
        Reader inPieces = new Reader(input[0]);
        inPieces.read(input, 1 + (input[0] >> 3 & 7));

        assertThat(inPieces.heard).isEqualTo(whole.heard);
        int packets = packets(input);
        assertThat(whole.packets).isLessThanOrEqualTo(packets);
        if (!whole.refused && !whole.deaf) {
            assertThat(whole.packets).isEqualTo(packets);
        }
    }

    /** How many whole packets there are, read as the specification says (MQTT 5.0, section 2.1.4), until one has no length. */
    private static int packets(byte[] input) {
        int packets = 0;
        int start = 1;
        while (true) {
            long length = 0;
            int at = start + 1;
            boolean more = true;
            for (int i = 0; more && i < LONGEST_LENGTH && at < input.length; i++, at++) {
                length += (input[at] & 127L) << 7 * i;
                more = input[at] < 0;
            }
            if (more || at + length > input.length) {
                return packets;
            }
            packets++;
            start = (int) (at + length);
        }
    }

    /** The end of a connection that reads, and what it makes of it. */
    private static final class Reader implements ConnectionHandler, Lifecycle {
        private final List<String> heard = new ArrayList<>();
        private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        private final boolean fromClient;
        private final MqttVersion version;
        private Connection connection;
        private int packets;
        private boolean refused;
        private boolean deaf;

        Reader(byte first) {
            fromClient = (first & 1) == 0;
            version = VERSIONS[(first >> 1 & 3) % VERSIONS.length];
        }

        void read(byte[] input, int piece) {
            // Never runs: what is sent here leaves with the end of the connection.
            NettyEventLoop eventLoop = new NettyEventLoop(new DefaultEventLoop(), allocator);
            Role role = new Role(
                    fromClient, LARGEST_FIRST, LARGEST, PropertyLimits.DEFAULT, ClientRates.ANY, new LimitHits());
            EmbeddedChannel channel = new EmbeddedChannel();
            channel.config().setAllocator(allocator);
            channel.pipeline()
                    .addLast(new MqttChannel(
                            eventLoop, this, role, this, new Carrier(new InetSocketAddress(0), Framing.NONE)));
            channel.pipeline().fireChannelActive();
            for (int at = 1; at < input.length && channel.isOpen(); at += piece) {
                channel.writeInbound(Unpooled.copiedBuffer(input, at, Math.min(piece, input.length - at)));
                assertThat(held()).isLessThanOrEqualTo(MOST_HELD);
            }
            // Neither has it gone on with what it could not read, nor has anything but that ended it.
            assertThat(channel.isOpen()).isEqualTo(!refused);
            channel.finishAndReleaseAll();
            assertThat(heard).endsWith("closed");
            assertThat(held()).isZero();
        }

        private long held() {
            return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
        }

        @Override
        public void opened(MqttConnection opened) {
            // Nobody keeps account.
        }

        @Override
        public void closed(MqttConnection closed) {
            // Nobody keeps account.
        }

        @Override
        public void opened(Connection opened) {
            connection = opened;
            if (!fromClient) {
                connection.send(connect());
            }
        }

        private ControlPacket.Connect connect() {
            return new ControlPacket.Connect(
                    version,
                    false,
                    "c",
                    true,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    OptionalInt.empty(),
                    OptionalLong.empty(),
                    version == MqttVersion.MQTT_5 ? 3 : 0,
                    false,
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    List.of());
        }

        @Override
        public void packet(ControlPacket packet) {
            hear(packet.getClass().getSimpleName());
            if (packet instanceof ControlPacket.Connect) {
                connection.send(
                        new ControlPacket.ConnAck(false, ReasonCode.SUCCESS, ControlPacket.ServerProperties.NONE));
            } else if (packet instanceof ControlPacket.Disconnect) {
                deaf = true; // [MQTT-3.14.4-1]
            }
        }

        @Override
        public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
            assertThat(message.payload().length).isLessThan(LARGEST);
            hear(message.topic() + " " + HexFormat.of().formatHex(message.payload()) + " " + message.qos() + " "
                    + message.retain() + " " + packetId + " " + dup + " " + Arrays.toString(subscriptionIdentifiers));
        }

        @Override
        public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {
            hear(kind + " " + packetId + " " + reason);
        }

        private void hear(String what) {
            packets++;
            heard.add(what);
        }

        @Override
        public void writabilityChanged() {
            // More is written than is read here.
        }

        @Override
        public void failed(ReasonCode reason, String what) {
            refused = true;
            heard.add("failed " + reason + " " + what);
        }

        @Override
        public void closed(String why) {
            heard.add("closed");
            assertThat(heard).doesNotContain("failed " + ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR + " internal error");
        }
    }
}
