/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plain client that has the subscription of a bridge at the remote broker, beside it: what comes to this one out of order, or not at all,
 * is the remote broker's doing.
 */
final class Witness implements AutoCloseable {
    private final Map<Account, Account> accounts = new LinkedHashMap<>(); // its own, by those of the streams
    private final Subscriber subscriber;

    /** @param streams of which those into Bascule are what it listens to */
    Witness(InetSocketAddress remote, List<Account> streams) {
        Map<String, Account> byTopic = new LinkedHashMap<>();
        for (Account stream : streams) {
            if (stream.name().equals("in")) {
                Account own = new Account("in, plain client", stream.qos());
                accounts.put(stream, own);
                byTopic.put(Rig.inwards(stream.qos()), own);
            }
        }
        subscriber = new Subscriber(remote, "witness", "far/down/#", 2, Streams.BRIDGE_WINDOW, byTopic);
    }

    /** Begins to listen; without this it has nothing to say. */
    void open() throws IOException, InterruptedException {
        subscriber.open();
    }

    private boolean isListening() {
        return accounts.values().stream().anyMatch(own -> own.received() > 0);
    }

    long lost() {
        return isListening()
                ? accounts.entrySet().stream()
                        .mapToLong(entry -> entry.getKey().missedBy(entry.getValue()))
                        .sum()
                : 0;
    }

    long outOfOrder() {
        return accounts.values().stream().mapToLong(Account::outOfOrder).sum();
    }

    long duplicatesAtQos2() {
        return accounts.values().stream()
                .filter(own -> own.qos() == 2)
                .mapToLong(Account::duplicates)
                .sum();
    }

    /** Rows of the table of {@link Account#header()}; none when it has not listened. */
    List<String> rows() {
        if (!isListening()) {
            return List.of();
        }
        return accounts.entrySet().stream()
                .map(entry -> String.format(
                        "| in, plain client | %d | %d | %d | %d | %d | %d | %d | - |",
                        entry.getKey().qos(),
                        entry.getKey().sent(),
                        entry.getKey().acknowledged(),
                        entry.getValue().received(),
                        entry.getKey().missedBy(entry.getValue()),
                        entry.getValue().duplicates(),
                        entry.getValue().outOfOrder()))
                .toList();
    }

    @Override
    public void close() {
        subscriber.close();
    }
}
