/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.itests.statements.Cve;
import io.bascule.store.StoreLife.Variant;
import io.bascule.store.log.SegmentedLog;
import io.bascule.store.log.SimulatedFolder;
import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is done, and whenever the power goes: what is handed over is what there was after the last record that is left. */
@Timeout(240)
class StoreModelTest {
    private static final int HISTORIES = Integer.getInteger("store.histories", 300);
    /** Until which a control has to show, each time in the same. */
    private static final int CONTROLS = 3_000;

    private static final int LIVES = 8;
    private static final long SEED = Long.getLong("store.seed", System.nanoTime());

    @Test
    @Cve("Mosquitto #3702")
    void handsOverWhatThereWas() throws IOException {
        assertThat(live(Interrupted::new, SEED, HISTORIES))
                .as("compaction had enough to do")
                .isGreaterThan(HISTORIES);
    }

    @Test
    void wouldSeeASegmentThatIsDeletedTooEarly() {
        assertThatThrownBy(() -> live(Hasty::new, 1, CONTROLS)).isInstanceOf(AssertionError.class);
    }

    @Test
    void wouldSeeACopyOfWhatIsNoMore() {
        assertThatThrownBy(() -> live(Careless::new, 1, CONTROLS)).isInstanceOf(AssertionError.class);
    }

    private static long live(Variant variant, long first, int histories) throws IOException {
        long copied = 0;
        for (long seed = first; seed < first + histories; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StoreLife life = new StoreLife(new SimulatedFolder(random.split()), random, variant);
            try {
                for (int i = 0; i < LIVES; i++) {
                    life.live();
                }
                life.check();
                copied += life.copied();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        return copied;
    }

    /** While it reads, something happens. */
    private static class Interrupted extends Compactor {
        private final Runnable meanwhile;

        Interrupted(State state, SegmentedLog log, long segmentBytes, Runnable meanwhile) {
            super(state, log, segmentBytes);
            this.meanwhile = meanwhile;
        }

        @Override
        byte[] read(long sequence) throws IOException {
            byte[] record = super.read(sequence);
            meanwhile.run();
            return record;
        }
    }

    /** Deletes what is copied before the copy is safe. */
    private static final class Hasty extends Interrupted {
        Hasty(State state, SegmentedLog log, long segmentBytes, Runnable meanwhile) {
            super(state, log, segmentBytes, meanwhile);
        }

        @Override
        boolean isSafe(long sequence) {
            return true;
        }
    }

    /** Copies what was live when it was read. */
    private static final class Careless extends Interrupted {
        Careless(State state, SegmentedLog log, long segmentBytes, Runnable meanwhile) {
            super(state, log, segmentBytes, meanwhile);
        }

        @Override
        byte[] read(long sequence) throws IOException {
            byte[] record = super.read(sequence);
            for (int i = 0; i < 10; i++) { // so that it shows soon
                super.read(sequence);
            }
            return record;
        }

        @Override
        boolean isUnchanged(Live live, long sequence) {
            return true;
        }
    }
}
