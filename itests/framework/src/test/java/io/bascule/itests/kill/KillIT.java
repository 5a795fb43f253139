/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.kill.Finding.Fault;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.support.Folders;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** {@code kill -9} of the whole broker, at random moments under traffic. {@code -Dkill.rounds} says how often. */
public class KillIT {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 20);
    private static final long SEED = Long.getLong("kill.seed", new Random().nextLong());
    private static final int ROUNDS_A_REPORT = 50;
    private static final long TO_SET_UP_AND_DRAIN_SECONDS = 900;
    private static final long A_ROUND_SECONDS = 60;

    @Rule
    public final Timeout timeout = Timeout.seconds(TO_SET_UP_AND_DRAIN_SECONDS + A_ROUND_SECONDS * ROUNDS);

    @Test
    @Cve("CVE-2026-8741")
    public void keepsWhatItHasAcknowledged() throws Exception {
        assertThat(run(ROUNDS, store -> {})).isEmpty();
    }

    /** A control: what was acknowledged has to be missed. */
    @Test
    public void noticesThatTheEndOfTheLogIsLost() throws Exception {
        assertThat(run(4, new TornLog()))
                .extracting(Finding::fault)
                .contains(Fault.LOST, Fault.TWICE, Fault.RETAINED, Fault.SUBSCRIPTION)
                .doesNotContain(Fault.SESSION);
    }

    /** A control: sessions have to be missed. */
    @Test
    public void noticesThatEverythingIsLost() throws Exception {
        assertThat(run(1, Folders::delete))
                .extracting(Finding::fault)
                .contains(Fault.LOST, Fault.SESSION, Fault.RETAINED, Fault.SUBSCRIPTION);
    }

    private static List<Finding> run(int rounds, KillRun.Harm harm) throws Exception {
        System.out.println("kill.seed " + SEED);
        try (KillRun run = new KillRun(SEED)) {
            for (int round = 1; round <= rounds; round++) {
                run.round(harm);
                if (round % ROUNDS_A_REPORT == 0) {
                    System.out.println(run);
                }
            }
            List<Finding> findings = run.finish();
            System.out.println(run);
            return findings;
        }
    }

    /** Cuts off three quarters of the last file, as if they had never been forced; not of the first, where everybody subscribes. */
    private static final class TornLog implements KillRun.Harm {
        private boolean harms;

        @Override
        public void to(Path store) throws IOException {
            if (harms) {
                tear(store);
            }
            harms = true;
        }

        private static void tear(Path store) throws IOException {
            try (Stream<Path> files = Files.list(store)) {
                Path last = files.filter(file -> file.toString().endsWith(".log"))
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
                try (FileChannel channel = FileChannel.open(last, StandardOpenOption.WRITE)) {
                    channel.truncate(channel.size() / 4);
                }
            }
        }
    }
}
