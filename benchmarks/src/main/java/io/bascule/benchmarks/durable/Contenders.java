/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.durable;

import io.bascule.benchmarks.support.BrokerProcess;
import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Peer;
import io.bascule.benchmarks.support.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The brokers that are compared, by the names that arguments give them. Each of them takes 2,000 messages in flight, and 10,000,000 in one
 * queue.
 */
record Contenders(Path launcher, Cores cores, String jvm, Path hiveMq, String store) {
    static final String BASCULE = "bascule-";

    private static final int QUEUE = 10_000_000;
    private static final int RECEIVE_MAXIMUM = 2_000;
    private static final String MOSQUITTO =
            "max_queued_messages " + QUEUE + "\nmax_inflight_messages " + RECEIVE_MAXIMUM + "\n";

    /** One of them. */
    record Contender(String key, String name, Start start) {
        boolean isOurs() {
            return key.startsWith(BASCULE);
        }

        boolean isJava() {
            return !key.startsWith("mosquitto");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Starts one of them with nothing to begin with, and waits until it listens. */
    interface Start {
        Server start() throws IOException;
    }

    /** Those of a list that is separated by commas. */
    List<Contender> named(String keys) {
        return Stream.of(keys.split(",")).map(this::contender).toList();
    }

    private Contender contender(String key) {
        return switch (key) {
            case "bascule-fsync", "bascule-flush", "bascule-memory" -> {
                String durability = key.substring(BASCULE.length());
                yield new Contender(key, "Bascule, " + durability, () -> bascule(durability));
            }
            case "mosquitto" -> new Contender(key, "Mosquitto", () -> Peer.mosquitto(cores.brokerPrefix(), MOSQUITTO));
            case "mosquitto-autosave" ->
                new Contender(
                        key,
                        "Mosquitto, autosave on changes",
                        () -> Peer.mosquitto(
                                cores.brokerPrefix(), MOSQUITTO + "autosave_on_changes true\nautosave_interval 1\n"));
            case "hivemq" ->
                new Contender(
                        key, "HiveMQ CE", () -> Peer.hiveMq(cores.brokerPrefix(), hiveMq, QUEUE, RECEIVE_MAXIMUM, ""));
            default -> throw new IllegalArgumentException("there is no broker " + key);
        };
    }

    private Server bascule(String durability) throws IOException {
        return new BrokerProcess(
                launcher,
                cores,
                jvm,
                Map.of(
                        "io.bascule.broker.cfg",
                        "queue.messages = " + QUEUE
                                + "\nqueue.bytes = 64GiB\nqueues.memory = 64GiB\nretained.messages = " + QUEUE + "\n",
                        "io.bascule.store.cfg",
                        "durability = " + durability + "\n" + store.replace(";", "\n") + "\n"));
    }
}
