/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed has saved what it acknowledged. */
@Timeout(120)
class KillTest {
    private static final int ROUNDS = 5;
    private static final long SEED = Long.getLong("log.seed", System.nanoTime());

    @TempDir
    private Path folder;

    @Test
    void keepsWhatWasAcknowledged() throws IOException {
        kill(ROUNDS, false);
    }

    @Test
    void wouldSeeWhatIsAcknowledgedTooEarly() {
        assertThatThrownBy(() -> kill(20 * ROUNDS, true)).isInstanceOf(AssertionError.class);
    }

    private void kill(int rounds, boolean hasty) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        long acknowledged = 0;
        for (int round = 0; round < rounds; round++) {
            acknowledged = acknowledgedByAChild(hasty, acknowledged, 1 + random.nextInt(5_000));

            long[] last = {0};
            SegmentedLog log = Child.open(folder, (sequence, type, payload) -> {
                assertThat(sequence).isEqualTo(++last[0]);
                assertThat(payload).isEqualTo(Child.payload(sequence));
            });
            try (log) {
                assertThat(last[0]).as("seed %s", SEED).isGreaterThanOrEqualTo(acknowledged);
                assertThat(log.recovery().quarantined()).isEmpty();
                for (long sequence = 1; sequence <= last[0]; sequence += 97) {
                    assertThat(ByteBuffer.wrap(log.read(sequence).payload())).isEqualTo(Child.payload(sequence));
                }
            }
            acknowledged = last[0];
        }
    }

    private long acknowledgedByAChild(boolean hasty, long before, int most) throws IOException {
        long acknowledged = before;
        try (Child child = new Child(folder, hasty)) {
            assertThat(child.line()).isEqualTo("open.");
            for (String line = child.line(); line != null; line = child.line()) {
                assertThat(line).isEqualTo(++acknowledged + ".");
                if (acknowledged == before + most) {
                    child.kill();
                }
            }
        }
        return acknowledged;
    }
}
