/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption.RetainedHandlingPolicy;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribePayload;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An MQTT client that does nothing by itself: every packet is sent and awaited by the test, so that DUP flags, packet identifiers and the
 * order of packets can be asserted. Its codec is Netty's, and so not the one under test.
 */
final class TestClient implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;
    private static final int LARGEST_PACKET = 268_435_460;
    private static final AttributeKey<MqttVersion> VERSION = AttributeKey.valueOf("NETTY_CODEC_MQTT_VERSION");

    private final Socket socket;
    private final MqttVersion version;
    private final EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
    private final EmbeddedChannel decoder = new EmbeddedChannel(new MqttDecoder(300_000_000, 65_535));
    private final BlockingQueue<Packet> received = new LinkedBlockingQueue<>();
    private final Queue<Packet> passedOver = new ArrayDeque<>();
    private final Referee referee;
    private final Thread reader;
    private volatile AssertionError foul;

    /** What was received; {@code id} and {@code code} are 0 where the packet has none. */
    record Packet(
            MqttMessageType type,
            int id,
            int code,
            List<Integer> codes,
            boolean sessionPresent,
            String topic,
            String payload,
            int qos,
            boolean dup,
            boolean retain,
            MqttProperties properties) {

        /** A PUBLISH in one line, such as {@code a/b=hello q1 #3 dup retain}. */
        String line() {
            return topic + "=" + payload + " q" + qos + (id > 0 ? " #" + id : "") + (dup ? " dup" : "")
                    + (retain ? " retain" : "");
        }

        Object property(int property) {
            MqttProperties.MqttProperty<?> found = properties.getProperty(property);
            return found == null ? null : found.value();
        }

        /** A property of bytes, as text. */
        String text(int property) {
            return property(property) instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : null;
        }

        List<Object> properties(int property) {
            List<Object> values = new ArrayList<>();
            properties.getProperties(property).forEach(each -> values.add(each.value()));
            return values;
        }
    }

    /** What a CONNECT says. */
    static final class Connect {
        final MqttVersion version;
        final String clientId;
        boolean clean = true;
        int keepAlive;
        String willTopic;
        String willPayload;
        int willQos;
        boolean willRetain;
        String user;
        String password;
        final MqttProperties properties = new MqttProperties();
        final MqttProperties willProperties = new MqttProperties();

        Connect(MqttVersion version, String clientId) {
            this.version = version;
            this.clientId = clientId;
        }

        /** Clean Start 0. */
        Connect resuming() {
            clean = false;
            return this;
        }

        Connect keepAlive(int seconds) {
            keepAlive = seconds;
            return this;
        }

        Connect user(String name, String itsPassword) {
            user = name;
            password = itsPassword;
            return this;
        }

        /** Authentication Method and Data. */
        Connect authentication(String method, String data) {
            with(MqttProperties.AUTHENTICATION_METHOD, method);
            properties.add(new MqttProperties.BinaryProperty(
                    MqttProperties.AUTHENTICATION_DATA, data.getBytes(StandardCharsets.UTF_8)));
            return this;
        }

        Connect with(int property, int value) {
            properties.add(new MqttProperties.IntegerProperty(property, value));
            return this;
        }

        Connect with(int property, String value) {
            properties.add(new MqttProperties.StringProperty(property, value));
            return this;
        }

        /** That many User Properties with this value. */
        Connect userProperties(int count, String value) {
            for (int i = 0; i < count; i++) {
                properties.add(new MqttProperties.UserProperty("name", value));
            }
            return this;
        }

        /** Session Expiry Interval, in seconds. */
        Connect lasting(long seconds) {
            return with(MqttProperties.SESSION_EXPIRY_INTERVAL, (int) seconds);
        }

        Connect receiveMaximum(int maximum) {
            return with(MqttProperties.RECEIVE_MAXIMUM, maximum);
        }

        Connect will(String topic, String payload, int qos, boolean retain) {
            willTopic = topic;
            willPayload = payload;
            willQos = qos;
            willRetain = retain;
            return this;
        }

        /** Will Delay Interval, in seconds. */
        Connect willDelay(int seconds) {
            willProperties.add(new MqttProperties.IntegerProperty(MqttProperties.WILL_DELAY_INTERVAL, seconds));
            return this;
        }

        private Referee referee() {
            return new Referee(
                    version,
                    integer(MqttProperties.MAXIMUM_PACKET_SIZE, LARGEST_PACKET),
                    integer(MqttProperties.TOPIC_ALIAS_MAXIMUM, 0));
        }

        private int integer(int property, int otherwise) {
            MqttProperties.MqttProperty<?> found = properties.getProperty(property);
            return found == null ? otherwise : (Integer) found.value();
        }

        MqttConnectMessage message() {
            return new MqttConnectMessage(
                    header(MqttMessageType.CONNECT, 0, false, false),
                    new MqttConnectVariableHeader(
                            version.protocolName(),
                            version.protocolLevel(),
                            user != null,
                            password != null,
                            willRetain,
                            willQos,
                            willTopic != null,
                            clean,
                            keepAlive,
                            properties),
                    new MqttConnectPayload(
                            clientId,
                            willProperties,
                            willTopic,
                            willPayload == null ? null : willPayload.getBytes(StandardCharsets.UTF_8),
                            user,
                            password == null ? null : password.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private TestClient(int port, MqttVersion version, Referee referee) {
        this.version = version;
        this.referee = referee;
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        encoder.attr(VERSION).set(version);
        decoder.attr(VERSION).set(version);
        reader = new Thread(this::read, "test client");
        reader.setDaemon(true);
        reader.start();
    }

    static Connect v5(String clientId) {
        return new Connect(MqttVersion.MQTT_5, clientId);
    }

    static Connect v311(String clientId) {
        return new Connect(MqttVersion.MQTT_3_1_1, clientId);
    }

    static Connect of(MqttVersion version, String clientId) {
        return new Connect(version, clientId);
    }

    /** A TCP connection over which nothing has been sent. */
    static TestClient tcp(int port, MqttVersion version) {
        return new TestClient(port, version, new Referee(version, LARGEST_PACKET, 0));
    }

    /** A connection with a CONNECT sent. */
    static TestClient sending(int port, Connect connect) {
        TestClient client = new TestClient(port, connect.version, connect.referee());
        client.send(connect.message());
        return client;
    }

    /** A connection that was accepted. */
    static TestClient connected(int port, Connect connect) {
        TestClient client = sending(port, connect);
        assertThat(client.await(MqttMessageType.CONNACK).code()).isZero();
        return client;
    }

    // ---------------------------------------------------------------- sending

    void send(MqttMessage message) {
        synchronized (encoder) {
            encoder.writeOutbound(message);
            for (ByteBuf out = encoder.readOutbound(); out != null; out = encoder.readOutbound()) {
                byte[] bytes = new byte[out.readableBytes()];
                out.readBytes(bytes).release();
                send(bytes);
            }
        }
    }

    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void send(int... bytes) {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) bytes[i];
        }
        send(all);
    }

    private static MqttFixedHeader header(MqttMessageType type, int qos, boolean dup, boolean retain) {
        return new MqttFixedHeader(type, dup, MqttQoS.valueOf(qos), retain, 0);
    }

    void publish(String topic, String payload, int qos, int id) {
        publish(topic, payload, qos, id, false, false, MqttProperties.NO_PROPERTIES);
    }

    void publish(
            String topic, String payload, int qos, int id, boolean retain, boolean dup, MqttProperties properties) {
        send(new MqttPublishMessage(
                header(MqttMessageType.PUBLISH, qos, dup, retain),
                new MqttPublishVariableHeader(topic, id, properties),
                Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8)));
    }

    void retain(String topic, String payload) {
        publish(topic, payload, 1, 1, true, false, MqttProperties.NO_PROPERTIES);
        answer(MqttMessageType.PUBACK);
    }

    /** Publishes with QoS 1 and waits for PUBACK. */
    void publishAcknowledged(String topic, String payload) {
        publish(topic, payload, 1, 1);
        answer(MqttMessageType.PUBACK);
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP. */
    void acknowledge(MqttMessageType type, int id, int code) {
        send(new MqttMessage(
                header(type, type == MqttMessageType.PUBREL ? 1 : 0, false, false),
                new MqttPubReplyMessageVariableHeader(id, (byte) code, MqttProperties.NO_PROPERTIES)));
    }

    void puback(int id) {
        acknowledge(MqttMessageType.PUBACK, id, 0);
    }

    Packet subscribe(String filter, int qos) {
        return subscribe(filter, qos, false, false, 0, 0);
    }

    Packet subscribe(String filter, int qos, boolean noLocal, boolean asPublished, int handling, int identifier) {
        sendSubscribe(filter, qos, noLocal, asPublished, handling, identifier);
        return await(MqttMessageType.SUBACK);
    }

    void sendSubscribe(String filter, int qos, boolean noLocal, boolean asPublished, int handling, int identifier) {
        MqttProperties properties = new MqttProperties();
        if (identifier > 0) {
            properties.add(new MqttProperties.IntegerProperty(MqttProperties.SUBSCRIPTION_IDENTIFIER, identifier));
        }
        send(new MqttSubscribeMessage(
                header(MqttMessageType.SUBSCRIBE, 1, false, false),
                new MqttMessageIdAndPropertiesVariableHeader(77, properties),
                new MqttSubscribePayload(List.of(new MqttTopicSubscription(
                        filter,
                        new MqttSubscriptionOption(
                                MqttQoS.valueOf(qos),
                                noLocal,
                                asPublished,
                                RetainedHandlingPolicy.valueOf(handling)))))));
    }

    Packet unsubscribe(String... filters) {
        send(new MqttUnsubscribeMessage(
                header(MqttMessageType.UNSUBSCRIBE, 1, false, false),
                new MqttMessageIdAndPropertiesVariableHeader(78, MqttProperties.NO_PROPERTIES),
                new MqttUnsubscribePayload(List.of(filters))));
        return await(MqttMessageType.UNSUBACK);
    }

    void disconnect() {
        send(MqttMessage.DISCONNECT);
        awaitClosed();
    }

    /** AUTH with an Authentication Method and Data. */
    void auth(int code, String method, String data) {
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.StringProperty(MqttProperties.AUTHENTICATION_METHOD, method));
        properties.add(new MqttProperties.BinaryProperty(
                MqttProperties.AUTHENTICATION_DATA, data.getBytes(StandardCharsets.UTF_8)));
        send(new MqttMessage(
                header(MqttMessageType.AUTH, 0, false, false),
                new MqttReasonCodeAndPropertiesVariableHeader((byte) code, properties)));
    }

    void disconnect(int code, MqttProperties properties) {
        send(new MqttMessage(
                header(MqttMessageType.DISCONNECT, 0, false, false),
                new MqttReasonCodeAndPropertiesVariableHeader((byte) code, properties)));
    }

    // ---------------------------------------------------------------- receiving

    /** The first packet of this type; those that came before it are still to be had. */
    Packet answer(MqttMessageType type) {
        List<Packet> before = new ArrayList<>();
        Packet packet = next();
        while (packet.type() != type) {
            before.add(packet);
            packet = next();
        }
        passedOver.addAll(before);
        return packet;
    }

    /** The next packet, whatever it is. */
    Packet next() {
        if (!passedOver.isEmpty()) {
            return passedOver.poll();
        }
        try {
            Packet packet = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            checkNoFoul();
            assertThat(packet).as("a packet within %d s", PATIENCE_SECONDS).isNotNull();
            return packet;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next packet, which has to be of this type. */
    Packet await(MqttMessageType type) {
        Packet packet = next();
        assertThat(packet.type()).as("%s", packet).isEqualTo(type);
        return packet;
    }

    /** The next packet, which has to be a PUBLISH. */
    Packet message() {
        return await(MqttMessageType.PUBLISH);
    }

    /** So many PUBLISH packets, each in one line. */
    List<String> lines(int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(message().line());
        }
        return lines;
    }

    /** Shows that nothing was sent, as {@link #soFar} sees it. */
    void expectNothing() {
        assertThat(soFar()).isEmpty();
    }

    /** Whether nothing has come that the test has not asked for; of a client that is not accepted yet, and so gets no answer to PINGREQ. */
    boolean isSilent() {
        return passedOver.isEmpty() && received.isEmpty();
    }

    /**
     * Everything that the broker has sent, or has decided to send. It answers two PINGREQs: when it answers the second its event loop has
     * done what other loops had handed over before the first.
     */
    List<Packet> soFar() {
        List<Packet> packets = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            send(MqttMessage.PINGREQ);
            for (Packet packet = next(); packet.type() != MqttMessageType.PINGRESP; packet = next()) {
                packets.add(packet);
            }
        }
        return packets;
    }

    /** The server ends the connection for what was sent: it tells a 5.0 client why, and says nothing else. */
    void awaitRefusal(int reason) {
        if (version == MqttVersion.MQTT_5) {
            assertThat(await(MqttMessageType.DISCONNECT).code()).isEqualTo(reason); // [MQTT-4.13.1-1]
        }
        awaitClosed(); // [MQTT-4.8.0-1] of 3.1.1
        assertThat(received).isEmpty();
    }

    /** The server accepts no connection and ends this one; a 5.0 client it may tell why. */
    void awaitNoConnection() {
        awaitClosed();
        for (Packet packet : received) {
            assertThat(version).as("%s", packet).isEqualTo(MqttVersion.MQTT_5); // [MQTT-3.1.4-1] of 3.1.1
            assertThat(packet.type()).isEqualTo(MqttMessageType.CONNACK);
            assertThat(packet.code()).isGreaterThanOrEqualTo(0x80);
        }
    }

    int waiting() {
        return received.size();
    }

    /** Waits until the server has closed the connection. */
    void awaitClosed() {
        try {
            reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(reader.isAlive()).as("connection open").isFalse();
        checkNoFoul();
    }

    /** Fails where the server has sent what no server may send. */
    private void checkNoFoul() {
        AssertionError error = foul;
        if (error != null) {
            throw new AssertionError(error.getMessage(), error);
        }
    }

    private void read() {
        byte[] bytes = new byte[64 * 1024];
        try {
            for (int n = socket.getInputStream().read(bytes);
                    n >= 0;
                    n = socket.getInputStream().read(bytes)) {
                referee.hear(bytes, n);
                decoder.writeInbound(Unpooled.copiedBuffer(bytes, 0, n));
                for (MqttMessage in = decoder.readInbound(); in != null; in = decoder.readInbound()) {
                    received.add(packet(in));
                }
            }
        } catch (IOException e) {
            // closed by either side: what was received stays to be asserted
        } catch (AssertionError e) {
            foul = e;
        }
    }

    private static MqttProperties properties(Object header) {
        MqttProperties properties = null;
        if (header instanceof MqttConnAckVariableHeader connAck) {
            properties = connAck.properties();
        } else if (header instanceof MqttPublishVariableHeader publish) {
            properties = publish.properties();
        } else if (header instanceof MqttPubReplyMessageVariableHeader reply) {
            properties = reply.properties();
        } else if (header instanceof MqttMessageIdAndPropertiesVariableHeader acknowledgement) {
            properties = acknowledgement.properties();
        } else if (header instanceof MqttReasonCodeAndPropertiesVariableHeader reason) {
            properties = reason.properties();
        }
        return properties == null ? MqttProperties.NO_PROPERTIES : properties;
    }

    private static Packet packet(MqttMessage in) {
        assertThat(in.decoderResult().isSuccess()).as("%s", in).isTrue();
        int id = in.variableHeader() instanceof MqttMessageIdVariableHeader header ? header.messageId() : 0;
        int code = 0;
        List<Integer> codes = List.of();
        boolean present = false;
        String topic = null;
        String payload = null;
        MqttProperties properties = properties(in.variableHeader());
        if (in instanceof MqttPublishMessage publish) {
            id = Math.max(0, publish.variableHeader().packetId());
            topic = publish.variableHeader().topicName();
            payload = publish.payload().toString(StandardCharsets.UTF_8);
            publish.release();
        } else if (in instanceof MqttConnAckMessage connAck) {
            code = connAck.variableHeader().connectReturnCode().byteValue() & 255;
            present = connAck.variableHeader().isSessionPresent();
        } else if (in instanceof MqttSubAckMessage subAck) {
            codes = subAck.payload().reasonCodes();
        } else if (in instanceof MqttUnsubAckMessage unsubAck) {
            codes = unsubAck.payload().unsubscribeReasonCodes().stream()
                    .map(each -> each & 255)
                    .toList();
        } else if (in.variableHeader() instanceof MqttPubReplyMessageVariableHeader reply) {
            code = reply.reasonCode() & 255;
        } else if (in.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader reason) {
            code = reason.reasonCode() & 255;
        }
        MqttFixedHeader fixed = in.fixedHeader();
        return new Packet(
                fixed.messageType(),
                id,
                code,
                codes,
                present,
                topic,
                payload,
                fixed.qosLevel().value(),
                fixed.isDup(),
                fixed.isRetain(),
                properties);
    }

    @Override
    public void close() {
        vanish();
        checkNoFoul();
    }

    /** Drops the connection without a word. */
    void vanish() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
