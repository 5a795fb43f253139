/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.routing;

import io.bascule.broker.MemoryBroker;
import io.bascule.broker.extension.Extensions;
import io.bascule.broker.store.MemoryMessageStore;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What one message costs from its publisher's connection to those of its subscribers, at QoS 1 with all acknowledgements: in sessions, routing
 * and the queues, where nothing is stored; and what those add who look at messages, where there are any. The ACL is asked once for the
 * publisher and once for each subscriber.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RoutingBenchmark {
    private static final Topic TOPIC = Topic.of("plant/7/device-1/temperature");
    private static final byte[] PAYLOAD = new byte[64];

    @Param
    Presence present;

    @Param({"AT_MOST_ONCE", "AT_LEAST_ONCE"})
    QoS qos;

    @Param({"1", "1000"})
    int subscribers;

    private Link publisher;
    private Link[] receivers;

    @Setup(Level.Trial)
    public void connect() {
        MemoryLoop loop = new MemoryLoop();
        Extensions extensions = new Extensions();
        present.plugInto(extensions);
        MemoryBroker broker = new MemoryBroker(loop, extensions, new MemoryMessageStore());
        publisher = new Link(loop, broker, "publisher");
        receivers = new Link[subscribers];
        for (int i = 0; i < subscribers; i++) {
            receivers[i] = new Link(loop, broker, "subscriber-" + i);
            receivers[i].subscribe("plant/7/+/temperature");
        }
        Message message = Message.of(TOPIC, PAYLOAD, qos, false);
        publisher.publish(message);
        for (Link each : receivers) {
            if (each.acknowledge() != message) {
                throw new IllegalStateException("not delivered");
            }
        }
    }

    @Benchmark
    public void publish(Blackhole blackhole) {
        publisher.publish(Message.of(TOPIC, PAYLOAD, qos, false));
        for (Link each : receivers) {
            blackhole.consume(each.acknowledge());
        }
    }
}
