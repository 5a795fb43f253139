/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.codec;

import io.bascule.transport.internal.MemoryConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.util.ReferenceCountUtil;
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
 * What one packet costs from the socket's buffer to whoever handles it, 64 of them in a read. Ours is handed over as a message with its topic
 * in levels and its payload copied, as the broker needs it; that of netty-codec-mqtt with its topic as a string and a slice of the buffer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecodeBenchmark {
    private static final int LARGEST = 1024 * 1024;

    @Param
    Sample packet;

    private final PooledByteBufAllocator allocator = Allocators.pooled();
    private final Accepting handler = new Accepting();
    private final MemoryConnection ours = new MemoryConnection(allocator, new Nowhere(), handler);
    private final Releasing releasing = new Releasing();
    private final EmbeddedChannel netty = new EmbeddedChannel(new MqttDecoder(LARGEST), releasing);
    private ByteBuf[] batches;
    private int next;

    @Setup(Level.Trial)
    public void connect() {
        batches = new ByteBuf[packet.batches()];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = batch(i * Sample.BATCH);
        }
        ByteBuf connect = NettyPackets.bytes(packet.version(), NettyPackets.connect(packet.version()));
        ours.read(connect.retainedDuplicate());
        ours.endTurn();
        netty.config().setAllocator(allocator);
        netty.pipeline().fireChannelRead(connect);
        ours();
        nettyCodec();
        if (handler.heard() != Sample.BATCH || releasing.heard != Sample.BATCH + 1) {
            throw new IllegalStateException("not every packet was read");
        }
    }

    private ByteBuf batch(int first) {
        MqttMessage[] packets = new MqttMessage[Sample.BATCH];
        for (int i = 0; i < packets.length; i++) {
            packets[i] = NettyPackets.packet(packet, first + i);
        }
        return NettyPackets.bytes(packet.version(), packets);
    }

    private ByteBuf nextBatch() {
        next = next + 1 == batches.length ? 0 : next + 1;
        return batches[next].retainedDuplicate();
    }

    @Benchmark
    @OperationsPerInvocation(Sample.BATCH)
    public Object ours() {
        ours.read(nextBatch());
        return handler.last();
    }

    @Benchmark
    @OperationsPerInvocation(Sample.BATCH)
    public Object nettyCodec() {
        netty.pipeline().fireChannelRead(nextBatch());
        netty.pipeline().fireChannelReadComplete();
        return releasing.last;
    }

    private static final class Releasing extends ChannelInboundHandlerAdapter {
        private Object last;
        private int heard;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (((MqttMessage) message).decoderResult().isFailure()) {
                throw new IllegalStateException("not read: " + message);
            }
            last = message;
            heard++;
            ReferenceCountUtil.release(message);
        }
    }
}
