/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeResidue;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.LiveHeap;
import io.bascule.itests.support.OldRevisions;
import io.bascule.itests.support.Residue;
import io.bascule.resource.ResourceKind;
import java.io.IOException;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;
import org.junit.Test;

/**
 * What is left when bridges have come and gone under traffic: nothing, as it was before. {@link LeakControlIT} shows that the same detectors
 * find what is forgotten.
 */
public class ResidueIT extends ResidueContract {
    /** {@code -Dresidue.times=10} makes it ten times as long. */
    private static final int TIMES = Integer.getInteger("residue.times", 1);

    private static final int RECONFIGURATIONS = 1000 * TIMES;
    private static final int REFRESHES = 20 * TIMES;
    private static final int WARM_UP = 200;
    private static final int SAMPLES = 20;
    private static final int RATE = 200;
    private static final double HEAP_BYTES_PER_CYCLE = 64;
    private static final long CLASSES = 32;

    /** The broker that bridges lead to. */
    MosquittoProcess startRemote() throws Exception {
        return MosquittoProcess.start();
    }

    /** The keys of a bridge that leads there. */
    Map<String, String> bridgeTo(MosquittoProcess mosquitto) {
        return BridgeContract.bridgeTo(mosquitto, Version.MQTT_5);
    }

    @Test(timeout = 1_800_000)
    public void nothingIsLeftOfABridgeThatWasReconfiguredUnderTraffic() throws Exception {
        underTraffic((mosquitto, flows) -> {
            reconfigure(mosquitto, flows, WARM_UP);
            settle(flows);
            Residue before = Residue.atRest(context, broker, transport);
            long closingsBefore = history("b").closings();
            ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
            LiveHeap heap = new LiveHeap();
            heap.sample(0);
            long classesBefore = classes.getLoadedClassCount();
            long start = System.nanoTime();

            for (int i = 1; i <= SAMPLES; i++) {
                reconfigure(mosquitto, flows, RECONFIGURATIONS / SAMPLES);
                settle(flows);
                heap.sample((long) i * RECONFIGURATIONS / SAMPLES);
            }
            long classesAfter = classes.getLoadedClassCount();

            BridgeResidue history = history("b");
            System.out.printf(
                    "%d reconfigurations in %d s: %s; classes %d to %d; %s%n",
                    history.closings() - closingsBefore,
                    (System.nanoTime() - start) / 1_000_000_000,
                    heap,
                    classesBefore,
                    classesAfter,
                    history.closed());
            assertClean(before);
            assertThat(history.closings() - closingsBefore).isGreaterThanOrEqualTo(RECONFIGURATIONS);
            assertThat(history.closed().live()).isZero();
            assertThat(history.closed().failures()).isEmpty();
            assertThat(heap.bytesPerCycle()).as(heap.toString()).isLessThanOrEqualTo(HEAP_BYTES_PER_CYCLE);
            assertThat(classesAfter).isLessThanOrEqualTo(classesBefore + CLASSES);
        });
    }

    @Test(timeout = 1_800_000)
    public void nothingIsLeftOfABundleThatWasRefreshedUnderTraffic() throws Exception {
        underTraffic((mosquitto, flows) -> {
            OldRevisions revisions = new OldRevisions(context, bundle("io.bascule.bridge"));
            refresh(revisions, flows, 2);
            settle(flows);
            eventually(() -> assertThat(revisions.alive()).isZero());
            Residue before = Residue.atRest(context, broker, transport);
            ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
            long classesBefore = classes.getLoadedClassCount();

            refresh(revisions, flows, REFRESHES);
            settle(flows);

            assertClean(before, revisions);
            System.out.printf(
                    "%d refreshes: classes %d to %d%n", REFRESHES, classesBefore, classes.getLoadedClassCount());
            eventually(() -> {
                System.gc();
                assertThat((long) classes.getLoadedClassCount()).isLessThanOrEqualTo(classesBefore + CLASSES);
            });
        });
    }

    @Test(timeout = 60_000)
    public void aBridgeWithCleanStartTakesItsSubscriptionsAlongWhenItCloses() throws Exception {
        openListener("local");
        try (MosquittoProcess mosquitto = startRemote()) {
            Map<String, String> cleanStart = bridgeTo(mosquitto);
            cleanStart.put("clean.start", "true");
            edit(cleanStart);
            deleteBridge("b");
            eventually("it is gone", () -> bridge("b").isEmpty());
            Residue before = Residue.atRest(context, broker, transport);
            int subscriptions = broker.info().subscriptions();

            for (int i = 0; i < 20; i++) {
                edit(cleanStart);
            }
            assertThat(history("b").open())
                    .hasValueSatisfying(open -> assertThat(open.live(ResourceKind.SUBSCRIPTION))
                            .isEqualTo(broker.info().subscriptions() - subscriptions)
                            .isPositive());
            deleteBridge("b");

            assertClean(before);
            eventually(() -> assertThat(history("b").open()).isEmpty());
            assertThat(history("b").closed().live()).isZero();
            ObjectName inJmx = new ObjectName("io.bascule:type=BridgeResidue");
            assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(inJmx, "Live"))
                    .isEqualTo(0);
        }
    }

    private interface Cycles {
        void run(MosquittoProcess mosquitto, List<Flow> flows) throws Exception;
    }

    private void underTraffic(Cycles cycles) throws Exception {
        int local = openListener("local");
        try (MosquittoProcess mosquitto = startRemote();
                Flow out = flow("out", local, "out/x", mosquitto.port(), "there/x");
                Flow in = flow("in", mosquitto.port(), "in/x", local, "here/x")) {
            configureBridge("b", bridgeTo(mosquitto));
            awaitConnected("b");
            cycles.run(mosquitto, List.of(out, in));
        }
    }

    private static Flow flow(String name, int fromPort, String topic, int toPort, String filter) {
        return new Flow(name, Version.MQTT_5, 1, new Flow.Way(fromPort, topic, toPort, filter));
    }

    private void reconfigure(MosquittoProcess mosquitto, List<Flow> flows, int times) throws IOException {
        flows.forEach(flow -> flow.start(RATE));
        long enough = history("b").closings() + times;
        while (history("b").closings() < enough) {
            editWithoutWaiting(bridgeTo(mosquitto));
            // So every second edit comes before the one before it is through.
            edit(bridgeTo(mosquitto));
        }
        flows.forEach(flow -> flow.awaitMore(10));
        flows.forEach(Flow::stop);
    }

    private void refresh(OldRevisions revisions, List<Flow> flows, int times) throws Exception {
        flows.forEach(flow -> flow.start(RATE));
        for (int i = 0; i < times; i++) {
            revisions.refresh();
            awaitConnected("b");
            flows.forEach(flow -> flow.awaitMore(10));
        }
        flows.forEach(Flow::stop);
    }
}
