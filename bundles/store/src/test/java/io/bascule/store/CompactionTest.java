/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.SessionOptions.Overlap;
import io.bascule.itests.statements.Cve;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageStore.Receiver;
import io.bascule.spi.SessionStore;
import io.bascule.spi.SessionTerms;
import io.bascule.spi.StoredMessage;
import io.bascule.store.log.Durability;
import io.bascule.store.log.Eventually;
import io.bascule.store.log.LogSettings;
import io.bascule.store.log.SimulatedFolder;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the store takes on disk and on the heap. */
@Timeout(120)
class CompactionTest {
    private static final int SEGMENT_BYTES = 16 << 10;

    private final SimulatedFolder folder = new SimulatedFolder(new SplittableRandom(1));
    private LogMessageStore store;
    private SessionStore session;
    private int packetId;

    @AfterEach
    void closeStore() throws IOException {
        store.close();
    }

    @Test
    void keepsTheBoundWhileAQueueFlowsThrough() throws Exception {
        open(1 << 20);
        StoredMessage old = append(100); // stays at the head for ever
        ArrayDeque<StoredMessage> queue = new ArrayDeque<>();
        for (int i = 0; i < 20_000; i++) {
            queue.add(append(100));
            if (queue.size() > 100) {
                deliver(queue.poll());
            }
            if (i % 500 == 0) {
                awaitBound();
            }
        }
        queue.forEach(this::deliver);
        awaitBound();
        assertThat(store.usage().live()).isLessThan(1_000);
        deliver(old);
    }

    @Test
    @Cve("CVE-2025-62723")
    void keepsTheBoundWhenASessionEndsWithALongQueue() throws Exception {
        open(1 << 20);
        for (int i = 0; i < 5_000; i++) {
            append(100);
        }
        awaitBound();
        session.end();
        assertThat(store.usage().live()).isLessThan(100);
        awaitBound();
    }

    @Test
    void deletesALargeMessageWithNothingBehindIt() throws Exception {
        open(1 << 20);
        deliver(append(10 * SEGMENT_BYTES));
        awaitBound();
    }

    @Test
    void doesNotGatherSegmentsByOpening() throws Exception {
        open(1 << 20);
        append(100);
        for (int i = 0; i < 1_000; i++) {
            store.close();
            open(1 << 20);
        }
        awaitBound();
        Eventually.is(() -> store.log().segments().size() <= 10);
    }

    @Test
    void takesLittleOfTheHeapForWhatIsOnDisk() throws Exception {
        open(0);
        int messages = 50_000;
        append(100);
        long before = used();
        for (int i = 0; i < messages; i++) {
            append(1);
        }
        awaitWritten();
        long twice = 2 * store.usage().disk(); // as the files of this test have it
        long each = (used() - before - twice) / messages;
        assertThat(each).as("bytes of the heap for a message").isLessThan(150);
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }

    private void open(long heapBytes) throws IOException {
        LogSettings log = new LogSettings(Durability.FSYNC, SEGMENT_BYTES, 256 << 20);
        store = LogMessageStore.open(folder, new StoreSettings(log, heapBytes), StoreClock.SYSTEM);
        store.restore(new Restored());
        session = store.session("a");
        session.connected(new SessionTerms(100, Optional.empty(), Optional.empty(), Overlap.ONE_COPY));
    }

    private StoredMessage append(int payload) {
        Receiver receiver = new Receiver(session, 0, QoS.AT_LEAST_ONCE, false, new int[0]);
        Message message = Message.of(Topic.of("t"), new byte[payload], QoS.AT_LEAST_ONCE, false);
        return store.append(message, false, List.of(receiver), Optional.empty());
    }

    private void deliver(StoredMessage message) {
        packetId = packetId % 65_535 + 1;
        session.sent(message, packetId);
        session.completed(packetId);
    }

    private void awaitWritten() throws InterruptedException {
        CountDownLatch written = new CountDownLatch(1);
        store.whenDurable(store.lastSequence(), written::countDown);
        written.await();
    }

    private void awaitBound() throws InterruptedException {
        awaitWritten();
        Eventually.is(() -> {
            LogMessageStore.Usage usage = store.usage();
            return usage.disk() <= 3 * usage.live() + 2 * SEGMENT_BYTES;
        });
    }
}
