/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.BrokerProcess;
import io.bascule.benchmarks.support.Cores;
import io.bascule.benchmarks.support.Peer;
import io.bascule.benchmarks.support.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The brokers that are compared, by the names that arguments give them. All keep what they keep in memory, and accept whoever comes. */
record Contenders(Path launcher, Cores cores, String jvm, Path hiveMq, Path moquette) {
    static final String BASCULE = "bascule";
    static final String MOSQUITTO = "mosquitto";

    private static final int QUEUE = 1_000_000;
    private static final int RECEIVE_MAXIMUM = 1_000;

    /** One of them. */
    record Contender(String key, String name, boolean speaksVersion5, Start start) {
        boolean isOurs() {
            return key.equals(BASCULE);
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
            case BASCULE -> new Contender(key, "Bascule", true, this::bascule);
            case MOSQUITTO ->
                new Contender(
                        key, "Mosquitto", true, () -> Peer.mosquitto(cores.brokerPrefix(), "persistence false\n"));
            case "hivemq" ->
                new Contender(
                        key,
                        "HiveMQ CE",
                        true,
                        () -> Peer.hiveMq(
                                cores.brokerPrefix(),
                                hiveMq,
                                QUEUE,
                                RECEIVE_MAXIMUM,
                                "<persistence><mode>in-memory</mode></persistence>"));
            case "moquette" ->
                new Contender(key, "Moquette", false, () -> Peer.moquette(cores.brokerPrefix(), moquette));
            default -> throw new IllegalArgumentException("there is no broker " + key);
        };
    }

    private Server bascule() throws IOException {
        return new BrokerProcess(launcher, cores, jvm, Map.of("io.bascule.store.cfg", "durability = memory\n"));
    }
}
