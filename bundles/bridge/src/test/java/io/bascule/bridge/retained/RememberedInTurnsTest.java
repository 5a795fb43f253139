/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.bridge.config.BridgeDefinition;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What changes while the file of a lot is made. */
class RememberedInTurnsTest extends RememberedFixture {
    private static final int MANY = 50_000;

    private BridgeDefinition definition;
    private Remembered remembered;
    private Values values;

    @BeforeEach
    void remember() {
        bridge.put("subscribe.down", "down/# retain=diff");
        definition = definition();
        remembered = open(definition);
        values = values(remembered, definition);
    }

    private void bring(int many) {
        for (int i = 0; i < many; i++) {
            bring(values, "up/" + i, A);
        }
    }

    /** How often somebody else has got at what is remembered between the first and the last look at the clock. */
    private int othersDuring(Runnable work) throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        AtomicInteger since = new AtomicInteger();
        AtomicInteger between = new AtomicInteger();
        Thread other = new Thread(() -> {
            while (looks.get() >= 0) {
                values.has("up/0", A);
                if (looks.get() > 0) {
                    since.incrementAndGet();
                }
            }
        });
        other.start();
        looking = () -> {
            if (looks.incrementAndGet() == 1) {
                since.set(0);
            }
            between.set(since.get());
        };
        work.run();
        looking = () -> {};
        looks.set(Integer.MIN_VALUE);
        other.join();
        return between.get();
    }

    /** Whether they do is for the machine to say; where they cannot, it is once at the end. */
    private void assertLetsOthersIn(Runnable beginning) throws InterruptedException {
        int others = 0;
        for (int i = 0; i < 50 && others <= 1; i++) {
            beginning.run();
            others = othersDuring(this::runFiles);
        }
        assertThat(others).isGreaterThan(1);
    }

    @Test
    void letsOthersInWhileAnImageIsMade() throws InterruptedException {
        bring(MANY);

        assertLetsOthersIn(this::writeAtOnce);
    }

    /** Also where nothing has settled, and nothing is written. */
    @Test
    void letsOthersInWhileItLooksForWhatHasSettled() throws InterruptedException {
        bring(MANY);
        passTime(Remembered.SOON);

        assertLetsOthersIn(this::look);
    }

    private void look() {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
        assertThat(files).hasSize(1);
    }

    private void writeAtOnce() {
        remembered.at(0, definition.routes().get(1)).brought("down/a", A);
        remembered.doubtAll(0, Direction.SUBSCRIBE);
    }

    /** What has had its turn when it changes stands in the image as it was, and what has not as it is. */
    @Test
    void isCertainOfNothingThatChangesMeanwhile() {
        bring(2_000);
        passTime(Remembered.SOON);
        passTime(Remembered.SETTLED);
        bring(values, "up/new", A); // has the clock looked at
        now = now.plus(Remembered.SETTLED);
        writeAtOnce();
        AtomicInteger sent = new AtomicInteger();
        looking = () -> {
            looking = () -> {};
            for (int i = 0; i < 2_000; i++) {
                remembered.doubt(values, List.of("up/" + i), sent::incrementAndGet);
            }
            values.forget("up/0");
            values.sent("up/0", B, Sending.IN_ORDER);
            bring(values, "up/newer", B);
        };

        files.remove().run();

        assertThat(sent).as("not before the file says so").hasValue(0);
        runFiles();
        assertThat(sent).hasValue(2_000);
        Values afterTheCrash = reopened();
        for (int i = 0; i < 2_000; i++) {
            assertThat(afterTheCrash.has("up/" + i, A)).as("up/%d", i).isFalse();
        }
        assertThat(afterTheCrash.has("up/new", A)).isTrue();
        assertThat(afterTheCrash.topics()).hasSizeGreaterThanOrEqualTo(2_000);
        passTime(Remembered.SOON);
        assertThat(reopened().topics()).hasSize(2_002);
    }
}
