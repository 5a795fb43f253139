/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.ListenerStatus;
import io.bascule.transport.internal.ListenerComponent;
import io.bascule.transport.internal.NettyTransport;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.AttributeKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A transport with one listener, whose connections are recorded. When it closes, every buffer has to have been given back. */
final class TestServer implements AutoCloseable {
    private static final AttributeKey<MqttVersion> VERSION = AttributeKey.valueOf("NETTY_CODEC_MQTT_VERSION");

    final NettyTransport transport;
    final BlockingQueue<Recorder> accepted = new LinkedBlockingQueue<>();
    final List<String> announced = new CopyOnWriteArrayList<>();
    final ListenerComponent listener;

    TestServer(Map<String, Object> properties) {
        this(new NettyTransport(), properties);
    }

    TestServer(NettyTransport transport, Map<String, Object> properties) {
        this.transport = transport;
        listener = listen(properties);
    }

    /** Another listener, or the same one with another configuration. */
    ListenerComponent listen(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.putIfAbsent("service.pid", "io.bascule.listener~test");
        if (!all.containsKey("socket")) {
            all.putIfAbsent("port", 0);
        }
        return new ListenerComponent(
                all,
                transport,
                listener -> {
                    Recorder recorder = new Recorder();
                    accepted.add(recorder);
                    return recorder;
                },
                announcement(announced));
    }

    private static ListenerComponent.Announcement announcement(List<String> announced) {
        return (name, address) -> {
            Object where = address instanceof InetSocketAddress internet ? internet.getPort() : address;
            String line = name + " " + where + " " + Thread.currentThread().getName();
            announced.add(line);
            return () -> announced.remove(line);
        };
    }

    int port() {
        return port(listener);
    }

    static int port(ListenerComponent listener) {
        eventually("open", () -> listener.status().state() == ListenerStatus.State.OPEN);
        return listener.status().port();
    }

    Socket tcp() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port());
    }

    /** What the server heard of the connection that was opened last. */
    Recorder recorder() throws InterruptedException {
        Recorder recorder = accepted.poll(20, TimeUnit.SECONDS);
        assertThat(recorder).as("a connection").isNotNull();
        assertThat(recorder.next()).isEqualTo("opened");
        return recorder;
    }

    /** The bytes of these packets, as Netty's codec writes them for this version. */
    static byte[] bytes(MqttVersion version, MqttMessage... messages) {
        EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
        encoder.attr(VERSION).set(version);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (MqttMessage message : messages) {
            encoder.writeOutbound(message);
            ByteBuf out = encoder.readOutbound();
            byte[] bytes = new byte[out.readableBytes()];
            out.readBytes(bytes).release();
            all.writeBytes(bytes);
        }
        encoder.finishAndReleaseAll();
        return all.toByteArray();
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as(what).isNegative();
            LockSupport.parkNanos(200_000); // what is waited for may want this processor
        }
    }

    @Override
    public void close() {
        listener.close();
        eventually("connections closed", () -> transport.info().connections() == 0);
        eventually("buffers given back", () -> transport.info().activeBuffers() == 0);
        transport.stop();
    }
}
