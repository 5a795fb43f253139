/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.kill;

import io.bascule.itests.kill.Finding.Fault;
import io.bascule.itests.support.Eventually;
import io.bascule.itests.support.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Who receives a stream, with the books of it. */
final class Receiver implements AutoCloseable {
    private static final Duration QUIET = Duration.ofSeconds(30);

    private final String name;
    private final int qos;
    private final Ledger ledger;
    private final Subscriber subscriber;

    /** Connects nothing yet. */
    Receiver(String name, int port, String filter, int qos, Ledger ledger) {
        this.name = name;
        this.qos = qos;
        this.ledger = ledger;
        this.subscriber = new Subscriber(port, name, filter, qos, ledger);
    }

    Subscriber subscriber() {
        return subscriber;
    }

    /** How many messages are on their way to it. */
    int queued() {
        return ledger.books().lost();
    }

    /** Waits until it has what was sent last, or nothing comes any more. */
    void drain() {
        int before;
        do {
            before = queued();
            awaitLessThan(before);
        } while (!ledger.hasLast() && queued() < before);
    }

    private void awaitLessThan(int before) {
        try {
            Eventually.eventually(QUIET, "something comes", () -> ledger.hasLast() || queued() < before);
        } catch (AssertionError e) {
            // The books say what is missing.
        }
    }

    List<Finding> findings() {
        Ledger.Books books = ledger.books();
        List<Finding> findings = new ArrayList<>();
        add(Fault.LOST, books.lost(), findings);
        add(Fault.TWICE, qos == 2 ? books.duplicates() : 0, findings);
        add(Fault.OUT_OF_ORDER, books.outOfOrder(), findings);
        add(Fault.INVENTED, books.strangers(), findings);
        add(Fault.SESSION, subscriber.sessionsLost(), findings);
        return findings;
    }

    private void add(Fault fault, int times, List<Finding> findings) {
        if (times > 0) {
            findings.add(new Finding(fault, times + " at " + this));
        }
    }

    @Override
    public void close() {
        subscriber.close();
    }

    @Override
    public String toString() {
        return name + ": " + ledger;
    }
}
