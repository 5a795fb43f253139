/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.Version;
import io.bascule.itests.hostile.Attacks.State;
import io.bascule.itests.hostile.Conversation.Verdict;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.support.LiveHeap;
import io.bascule.itests.support.Residue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.Test;

/**
 * Bridges to remote brokers that send whatever they like: every packet of a server, mutated, in every state of a connection. A bridge carries on
 * or resets the connection, and nobody else feels anything of it.
 *
 * <p>{@code -Dhostile.packets} says how many, {@code -Dhostile.seed} plays a run again.
 */
public class HostileRemoteIT extends HostileContract {
    private static final int PACKETS = Integer.getInteger("hostile.packets", 40_000);
    private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());
    /** Version 5.0 has more to mutate. */
    private static final Map<Version, Integer> BRIDGES = Map.of(Version.MQTT_5, 32, Version.MQTT_3_1_1, 16);

    private static final long PUBLISH_NANOS = Duration.ofMillis(200).toNanos();
    private static final Duration PER_THOUSAND = Duration.ofSeconds(10);
    /** Bytes: less than a small object for each connection, of which there are 20,000 or more. */
    private static final long MOST_GROWTH = 1 << 20;

    /** Without the store: a disk has its own time, and the bridges are to have as many connections in a minute as they can. */
    @Override
    protected Stream<Path> bundles() {
        return super.bundles().filter(jar -> !jar.getFileName().toString().contains("io.bascule.store"));
    }

    @Test(timeout = 3_600_000)
    @Cve({"CVE-2024-3935", "CVE-2024-10525", "NanoMQ #2145"})
    public void mutatedPacketsResetABridgeAtMost() throws Exception {
        report("hostile.seed " + SEED);
        List<Attacks> all = List.of(new Attacks(Version.MQTT_5), new Attacks(Version.MQTT_3_1_1));
        SplittableRandom random = new SplittableRandom(SEED);
        int byChance = Math.max(0, PACKETS - sum(all)) / all.size();
        all.forEach(attacks -> attacks.addByChance(byChance, random.split()));
        int packets = sum(all);
        try (Client publisher = Client.connect(Version.MQTT_5, local(), "publisher")) {
            Residue before = baseline();
            LiveHeap heap = new LiveHeap();
            heap.sample(0);
            final long start = System.nanoTime();
            for (Attacks attacks : all) {
                for (int i = 0; i < BRIDGES.get(attacks.version()); i++) {
                    bridgeTo(new HostileRemote(attacks.version(), attacks.script()), Map.of());
                }
            }

            awaitOver(publisher, all, Duration.ofMinutes(2).plus(PER_THOUSAND.multipliedBy(packets / 1000)));

            report("hostile remotes: %d packets in %d s, %d connections; %s; longest round of %d: %d ms"
                    .formatted(
                            packets,
                            Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                            remotes().stream()
                                    .mapToInt(HostileRemote::connections)
                                    .sum(),
                            all,
                            watch().pingPong().rounds(),
                            watch().pingPong().longest().toMillis()));
            all.forEach(HostileRemoteIT::assertEachStateTold);
            watch().assertQuiet();
            assertWorking();
            for (int i = 0; i < remotes().size(); i++) {
                balances("b" + i);
            }
            removeBridges();
            assertNothingLeft(before);
            heap.sample(packets);
            report("hostile remotes: heap " + heap);
            assertThat(heap.bytesPerCycle() * packets).isLessThan(MOST_GROWTH);
            watch().assertQuiet();
        }
    }

    private static int sum(List<Attacks> all) {
        return all.stream().mapToInt(Attacks::packets).sum();
    }

    private void awaitOver(Client publisher, List<Attacks> all, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        for (int i = 0; all.stream().anyMatch(attacks -> attacks.judged() < attacks.packets()); i++) {
            assertThat(all.stream().flatMap(attacks -> attacks.failures().stream()))
                    .as("hostile.seed %d", SEED)
                    .isEmpty();
            remotes().forEach(HostileRemote::check);
            assertThat(watch().faults()).as("hostile.seed %d", SEED).isEmpty();
            assertThat(System.nanoTime() - end).as("%s after %s", all, limit).isNegative();
            publisher.publish("out/x", 1 + i % 2, "on its way");
            LockSupport.parkNanos(PUBLISH_NANOS);
        }
    }

    /** There was a verdict on each; in front of CONNACK nothing is to be carried on from [MQTT-3.2.0-1]. */
    private static void assertEachStateTold(Attacks attacks) {
        assertThat(attacks.failures()).as("hostile.seed %d", SEED).isEmpty();
        assertThat(attacks.count(State.BEFORE_CONNACK, Verdict.CARRIES_ON)).isZero();
        for (State state : State.values()) {
            assertThat(attacks.count(state, Verdict.RESETS)).as("%s", state).isPositive();
            if (state != State.BEFORE_CONNACK) {
                assertThat(attacks.count(state, Verdict.CARRIES_ON))
                        .as("%s", state)
                        .isPositive();
            }
        }
    }

    /** Past the capture of the log. */
    private void report(String line) {
        watch().log().print(line);
    }
}
