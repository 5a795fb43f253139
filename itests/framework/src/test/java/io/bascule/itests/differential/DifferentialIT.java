/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.differential.Connection.Event;
import io.bascule.itests.peers.BasculeProcess;
import io.bascule.itests.peers.MosquittoProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * Two clients, two brokers. {@code -Ddifferential.steps} says how long. Without {@code -Ddifferential.seed} the sequences are the same in every
 * build, so that one that fails says something about its change; another seed looks further.
 */
public class DifferentialIT {
    private static final int STEPS = Integer.getInteger("differential.steps", 20_000);
    private static final long SEED = Long.getLong("differential.seed", 1);
    private static final Duration TO_START = Duration.ofMinutes(3);

    private static MosquittoProcess mosquitto;
    private static BasculeProcess bascule;

    @BeforeClass
    public static void startBrokers() {
        mosquitto = MosquittoProcess.start("allow_duplicate_messages true", "max_inflight_messages 1000");
        bascule = BasculeProcess.configure(Map.of(
                "io.bascule.store.cfg", "durability = memory\n", "io.bascule.broker.cfg", "sys.interval = 0s\n"));
        bascule.launch();
        bascule.awaitListening(TO_START);
    }

    @AfterClass
    public static void endBrokers() {
        if (bascule != null) {
            bascule.close();
        }
        if (mosquitto != null) {
            mosquitto.close();
        }
    }

    @Test(timeout = 3_600_000)
    public void clientsGetTheSameFromBothBrokers() throws Exception {
        System.out.println("differential.seed " + SEED);
        DifferentialRun run = new DifferentialRun(bascule.port(), mosquitto.port(), SEED);
        Optional<Difference> found = run.until(STEPS);
        System.out.println(run);
        if (found.isPresent()) {
            throw new AssertionError("seed " + SEED + "\n" + run.shortened(found.get()));
        }
    }

    /** A control: a message less is noticed, and shown in three steps or so. */
    @Test(timeout = 600_000)
    public void noticesThatAMessageIsMissing() throws Exception {
        DifferentialRun run =
                new DifferentialRun(bascule.port(), mosquitto.port(), SEED, DifferentialIT::withoutItsFirstMessage);
        Difference found = run.until(STEPS).orElseThrow();
        assertThat(run.shortened(found).steps()).hasSizeLessThan(6);
        assertThat(found.mosquitto()).contains("PUBLISH");
    }

    private static List<Event> withoutItsFirstMessage(List<Event> events) {
        List<Event> rest = new ArrayList<>(events);
        rest.stream()
                .filter(event -> event.kind().startsWith("PUBLISH"))
                .findFirst()
                .ifPresent(rest::remove);
        return rest;
    }

    @Test
    public void documentsWhatIsKnown() throws Exception {
        assertThat(Files.readString(Path.of(System.getProperty("root"), "docs", "differences.md")))
                .contains(Stream.of(KnownDifference.values())
                        .map(KnownDifference::row)
                        .toList());
    }
}
