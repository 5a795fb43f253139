/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a power cut leaves: every acknowledged record is there, in order, once, and nothing else but what was appended. */
@Timeout(240)
class PowerCutTest {
    private static final int CUTS = 10_000;
    private static final int LIVES = 10;
    private static final long SEED = Long.getLong("log.seed", System.nanoTime());

    @Test
    void keepsWhatWasAcknowledged() throws IOException {
        assertThat(cuts(Durability.FSYNC, false, CUTS)).isGreaterThanOrEqualTo(CUTS);
    }

    @Test
    void wouldSeeThatNothingIsForced() {
        assertThatThrownBy(() -> cuts(Durability.FLUSH, false, CUTS)).isInstanceOf(AssertionError.class);
    }

    @Test
    void wouldSeeThatTheFolderIsNotForced() {
        assertThatThrownBy(() -> cuts(Durability.FSYNC, true, CUTS)).isInstanceOf(AssertionError.class);
    }

    private static int cuts(Durability durability, boolean lying, int most) throws IOException {
        int cuts = 0;
        for (long seed = SEED; cuts < most; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SimulatedFolder folder = new SimulatedFolder(random.split());
            if (lying) {
                folder.lying();
            }
            LogModel model = new LogModel(folder, durability, random);
            try {
                for (int life = 0; life < LIVES; life++) {
                    cuts += model.live() ? 1 : 0;
                }
                model.check();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        return cuts;
    }
}
