/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

/** All that needs its record on disk, in the order of the log. Guarded by the lock of the {@link State}. */
final class LiveList {
    private Live first;
    private Live last;
    /** Written under the lock. */
    private volatile long bytes;

    /** What the records of all take; from any thread. */
    long bytes() {
        return bytes;
    }

    /** The one with the oldest record, or null. */
    Live first() {
        return first;
    }

    /** This one's record is now the last of the log, whether or not it had one before. */
    void put(Live one, long sequence, int size) {
        remove(one);
        one.at(sequence, size);
        bytes += size;
        one.previous = last;
        if (last == null) {
            first = one;
        } else {
            last.next = one;
        }
        last = one;
    }

    /** This one needs its record no more. */
    void remove(Live one) {
        if (!one.isLive()) {
            return;
        }
        bytes -= one.bytes();
        one.over();
        if (one.previous == null) {
            first = one.next;
        } else {
            one.previous.next = one.next;
        }
        if (one.next == null) {
            last = one.previous;
        } else {
            one.next.previous = one.previous;
        }
        one.previous = null;
        one.next = null;
    }
}
