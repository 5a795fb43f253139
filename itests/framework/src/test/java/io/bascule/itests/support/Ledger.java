/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import java.util.BitSet;

/**
 * The books of one stream of numbered messages: what was sent against what came, how often, and in which order. Numbers run from 0 without
 * gaps. Safe for use by several threads.
 */
public final class Ledger {
    private final BitSet seen = new BitSet();
    private int sent;
    private int received;
    private int duplicates;
    private int outOfOrder;
    private int strangers;
    private int highest = -1;

    /**
     * The books at one moment.
     *
     * @param sent how many were sent
     * @param received how many of those came at least once
     * @param duplicates how many came again
     * @param outOfOrder how many came for the first time after one that was sent later [MQTT-4.6.0-6]
     * @param strangers how many came that were never sent
     */
    public record Books(int sent, int received, int duplicates, int outOfOrder, int strangers) {

        /** How many were sent and did not come. */
        public int lost() {
            return sent - received;
        }

        /** Whether every message came, exactly once and in order: QoS 2, and QoS 0 and 1 while nothing is disturbed. */
        public boolean isExact() {
            return isComplete() && duplicates == 0;
        }

        /** Whether every message came, at least once, and the first copies in order: QoS 1. */
        public boolean isComplete() {
            return lost() == 0 && outOfOrder == 0 && strangers == 0;
        }

        @Override
        public String toString() {
            return sent + " sent, " + received + " received, " + lost() + " lost, " + duplicates + " duplicates, "
                    + outOfOrder + " out of order" + (strangers == 0 ? "" : ", " + strangers + " never sent");
        }
    }

    /** The number of the next message, which counts as sent. */
    public synchronized int send() {
        return sent++;
    }

    /** Notes the arrival of a message. */
    public synchronized void receive(int number) {
        if (number < 0 || number >= sent) {
            strangers++;
        } else if (seen.get(number)) {
            duplicates++;
        } else {
            seen.set(number);
            received++;
            if (number < highest) {
                outOfOrder++;
            }
            highest = Math.max(highest, number);
        }
    }

    /** Whether the message that was sent last has come: behind it there is nothing, where the order is kept. */
    public synchronized boolean hasLast() {
        return seen.get(sent - 1);
    }

    /** The books as they stand. */
    public synchronized Books books() {
        return new Books(sent, received, duplicates, outOfOrder, strangers);
    }

    @Override
    public String toString() {
        return books().toString();
    }
}
