/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.kill;

import io.bascule.itests.support.Ledger;
import java.util.ArrayList;
import java.util.List;

/** Numbers on one topic, with a ledger for each of those who receive them. Safe for use by several threads. */
final class Numbers implements Publisher.Source {
    private final String topic;
    private final List<Ledger> ledgers = new ArrayList<>();
    private int acknowledged;

    Numbers(String topic) {
        this.topic = topic;
    }

    /** The books of one more receiver, before anything is sent. */
    Ledger open() {
        Ledger ledger = new Ledger();
        ledgers.add(ledger);
        return ledger;
    }

    @Override
    public int next() {
        int number = 0;
        for (Ledger ledger : ledgers) {
            number = ledger.send();
        }
        return number;
    }

    @Override
    public String topic(int number) {
        return topic;
    }

    @Override
    public synchronized void acknowledged(int number) {
        acknowledged++;
    }

    /** How many were acknowledged. */
    synchronized int acknowledged() {
        return acknowledged;
    }
}
