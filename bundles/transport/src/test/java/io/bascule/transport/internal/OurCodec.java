/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.ConnectionHandler;
import io.bascule.transport.ControlPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** The hot path's packets by our own codec. */
final class OurCodec {
    private static final int LARGEST = 1024 * 1024;
    private static final int ALIASES = 10;

    private OurCodec() {}

    // ---------------------------------------------------------------- in

    /**
     * Reads one whole packet.
     *
     * @throws MqttFormatException where it is refused
     */
    static HotPacket read(byte[] packet, MqttVersion version, boolean fromClient) {
        Heard heard = new Heard();
        IncomingPackets reader = new IncomingPackets(heard, terms(version, fromClient), new TopicCache(), null);
        int start = 1;
        while (packet[start++] < 0) {
            // Remaining Length.
        }
        reader.read(Unpooled.wrappedBuffer(packet), packet[0] & 0xFF, start, packet.length);
        return heard.packet;
    }

    private static Terms terms(MqttVersion version, boolean fromClient) {
        Terms terms = new Terms(
                new Role(fromClient, LARGEST, LARGEST, PropertyLimits.DEFAULT, ClientRates.ANY, new LimitHits()));
        if (fromClient) {
            terms.connectBegins(version);
        } else {
            terms.sent(connect(version));
            terms.received(new ControlPacket.ConnAck(false, ReasonCode.SUCCESS, ControlPacket.ServerProperties.NONE));
        }
        return terms;
    }

    private static ControlPacket.Connect connect(MqttVersion version) {
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
                version == MqttVersion.MQTT_5 ? ALIASES : 0,
                false,
                true,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** What was heard last. */
    private static class Heard implements ConnectionHandler {
        HotPacket packet;

        @Override
        public void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
            MessageProperties said = message.properties();
            HotPacket.Properties properties = new HotPacket.Properties(
                    said.payloadFormatIndicator(),
                    said.contentType(),
                    said.responseTopic(),
                    said.correlationData().map(HotPacket::hex),
                    said.userProperties().stream()
                            .flatMap(each -> List.of(each.name(), each.value()).stream())
                            .toList(),
                    IntStream.of(subscriptionIdentifiers).boxed().toList());
            packet = new HotPacket(
                    PacketType.PUBLISH,
                    dup,
                    message.qos().level(),
                    message.retain(),
                    message.topic().name(),
                    packetId,
                    0,
                    properties,
                    message.remainingExpirySeconds(System.nanoTime()),
                    HotPacket.hex(message.payload()));
        }

        @Override
        public void acknowledged(Acknowledgement kind, int packetId, ReasonCode reason) {
            packet = HotPacket.acknowledgement(kind.firstByte() >> 4, packetId, reason.code());
        }

        @Override
        public void opened(Connection opened) {}

        @Override
        public void packet(ControlPacket other) {}

        @Override
        public void writabilityChanged() {}

        @Override
        public void failed(ReasonCode reason, String what) {
            throw new AssertionError(what);
        }

        @Override
        public void closed(String why) {}
    }

    // ---------------------------------------------------------------- out

    /** All ways in which it is written to a client: of an acknowledgement without words and, in 5.0, with them. */
    static List<byte[]> write(HotPacket packet, MqttVersion version) {
        if (packet.type() == PacketType.PUBLISH) {
            return List.of(written(version, connection -> publish(connection, packet)));
        }
        Acknowledgement kind = PacketType.acknowledgement(packet.type());
        ReasonCode reason = ReasonCode.ofCode(packet.reason());
        return List.of(
                written(version, connection -> connection.acknowledge(kind, packet.packetId(), reason)),
                written(version, connection -> connection.acknowledge(kind, packet.packetId(), reason, "words")));
    }

    private static void publish(Connection connection, HotPacket packet) {
        HotPacket.Properties from = packet.properties();
        List<UserProperty> user = new ArrayList<>();
        for (int i = 0; i < from.user().size(); i += 2) {
            user.add(new UserProperty(from.user().get(i), from.user().get(i + 1)));
        }
        QoS qos = QoS.ofLevel(packet.qos());
        Message message = Message.of(Topic.of(packet.topic()), packet.payloadBytes(), qos, packet.retain())
                .withProperties(new MessageProperties(
                        from.payloadFormat(),
                        from.contentType(),
                        from.responseTopic(),
                        from.correlationData().map(HotPacket::bytes),
                        user));
        Message living = packet.expiry().isEmpty()
                ? message
                : message.expiringIn(Duration.ofSeconds(packet.expiry().getAsLong()));
        int[] identifiers = from.subscriptionIdentifiers().stream()
                .mapToInt(Integer::intValue)
                .toArray();
        connection.publish(living, qos, packet.retain(), packet.dup(), packet.packetId(), identifiers);
    }

    private interface Sending {
        void over(Connection connection);
    }

    /** What leaves behind CONNACK. */
    private static byte[] written(MqttVersion version, Sending sending) {
        EmbeddedChannel channel = new EmbeddedChannel();
        Turns turns = new Turns();
        NettyEventLoop eventLoop = new NettyEventLoop(turns, UnpooledByteBufAllocator.DEFAULT);
        Role role = new Role(true, LARGEST, LARGEST, PropertyLimits.DEFAULT, ClientRates.ANY, new LimitHits());
        Accepting accepting = new Accepting();
        channel.pipeline()
                .addLast(new MqttChannel(
                        eventLoop, accepting, role, accepting, new Carrier(new InetSocketAddress(0), Framing.NONE)));
        channel.pipeline().fireChannelActive();
        ByteBuf connect = new PacketEncoder(UnpooledByteBufAllocator.DEFAULT)
                .encode(connect(version), terms(version, true))
                .orElseThrow();
        channel.writeInbound(connect);
        sending.over(accepting.connection);
        turns.end();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            byte[] bytes = new byte[out.readableBytes()];
            out.readBytes(bytes).release();
            all.writeBytes(bytes);
        }
        channel.finishAndReleaseAll();
        byte[] bytes = all.toByteArray();
        return Arrays.copyOfRange(bytes, 2 + bytes[1], bytes.length);
    }

    /** Lets the client in. */
    private static final class Accepting extends Heard implements Lifecycle {
        private Connection connection;

        @Override
        public void opened(Connection opened) {
            connection = opened;
        }

        @Override
        public void packet(ControlPacket other) {
            connection.send(new ControlPacket.ConnAck(false, ReasonCode.SUCCESS, ControlPacket.ServerProperties.NONE));
        }

        @Override
        public void opened(MqttConnection opened) {}

        @Override
        public void closed(MqttConnection closed) {}
    }
}
