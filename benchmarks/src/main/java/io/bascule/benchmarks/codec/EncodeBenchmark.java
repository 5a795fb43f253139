/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.codec;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import io.bascule.transport.internal.MemoryConnection;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one packet costs from whoever sends it to the socket, 64 of them in a turn of the event loop. Of netty-codec-mqtt the properties are
 * made beforehand, once; it writes a buffer for each packet.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EncodeBenchmark {
    private static final int[] NONE = {};

    /** Both ways out. */
    @State(Scope.Benchmark)
    public static class Ways {
        private final PooledByteBufAllocator allocator = Allocators.pooled();
        private final Accepting handler = new Accepting();
        private final MemoryConnection memory = new MemoryConnection(allocator, new Nowhere(), handler);
        private final EmbeddedChannel netty = new EmbeddedChannel(new Nowhere(), MqttEncoder.INSTANCE);

        void connect(MqttVersion version) {
            memory.read(NettyPackets.bytes(version, NettyPackets.connect(version)));
            memory.endTurn();
            netty.config().setAllocator(allocator);
            NettyPackets.speak(netty, version);
        }

        Connection ours() {
            return handler.connection();
        }

        void netty(MqttMessage packet) {
            netty.pipeline().write(packet, netty.voidPromise());
        }

        void endTurn() {
            memory.endTurn();
            netty.pipeline().flush();
        }
    }

    /** What is published. */
    @State(Scope.Benchmark)
    public static class Publishes {
        @Param({
            "PUBLISH_QOS_0_V3",
            "PUBLISH_QOS_1_V3",
            "PUBLISH_QOS_0_V5",
            "PUBLISH_QOS_1_V5",
            "PUBLISH_QOS_1_V5_PROPERTIES"
        })
        Sample packet;

        private final Message[] messages = new Message[Sample.BATCH];
        private MqttProperties properties;

        @Setup(Level.Trial)
        public void prepare(Ways ways) {
            for (int i = 0; i < messages.length; i++) {
                messages[i] = packet.message(i);
            }
            properties = NettyPackets.properties(messages[0].properties());
            ways.connect(packet.version());
        }
    }

    /** The version alone: a PUBACK that says Success is the same in each. */
    @State(Scope.Benchmark)
    public static class Acknowledgements {
        @Setup(Level.Trial)
        public void prepare(Ways ways) {
            ways.connect(Sample.PUBACK.version());
        }
    }

    /** Each packet is another message, as of many publishers. */
    @Benchmark
    @OperationsPerInvocation(Sample.BATCH)
    public void publish(Ways ways, Publishes publishes) {
        for (int i = 0; i < Sample.BATCH; i++) {
            publish(ways.ours(), publishes.messages[i], 1 + i);
        }
        ways.endTurn();
    }

    /** All packets are one message, as for the subscribers of one topic. */
    @Benchmark
    @OperationsPerInvocation(Sample.BATCH)
    public void publishFannedOut(Ways ways, Publishes publishes) {
        for (int i = 0; i < Sample.BATCH; i++) {
            publish(ways.ours(), publishes.messages[0], 1 + i);
        }
        ways.endTurn();
    }

    private static void publish(Connection to, Message message, int packetId) {
        to.publish(message, message.qos(), false, false, message.qos().level() == 0 ? 0 : packetId, NONE);
    }

    @Benchmark
    @OperationsPerInvocation(Sample.BATCH)
    public void publishNettyCodec(Ways ways, Publishes publishes) {
        for (int i = 0; i < Sample.BATCH; i++) {
            ways.netty(NettyPackets.publish(publishes.messages[i], 1 + i, publishes.properties));
        }
        ways.endTurn();
    }

    @Benchmark
    @OperationsPerInvocation(Sample.BATCH)
    public void puback(Ways ways, Acknowledgements acknowledgements) {
        for (int i = 0; i < Sample.BATCH; i++) {
            ways.ours().acknowledge(Acknowledgement.PUBACK, 1 + i, ReasonCode.SUCCESS);
        }
        ways.endTurn();
    }

    @Benchmark
    @OperationsPerInvocation(Sample.BATCH)
    public void pubackNettyCodec(Ways ways, Acknowledgements acknowledgements) {
        for (int i = 0; i < Sample.BATCH; i++) {
            ways.netty(NettyPackets.puback(1 + i));
        }
        ways.endTurn();
    }
}
