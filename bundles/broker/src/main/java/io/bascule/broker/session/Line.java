/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

/** Messages one behind the other, linked among themselves, so that one in the middle leaves as fast as the first. */
final class Line {
    private Outgoing first;
    private Outgoing last;

    /** Null for none. */
    Outgoing first() {
        return first;
    }

    /** Null for none. */
    Outgoing last() {
        return last;
    }

    void add(Outgoing outgoing) {
        outgoing.between(last, null);
        if (last == null) {
            first = outgoing;
        } else {
            last.between(last.before(), outgoing);
        }
        last = outgoing;
    }

    /** Takes out one that is in it. */
    void remove(Outgoing outgoing) {
        Outgoing before = outgoing.before();
        Outgoing behind = outgoing.behind();
        outgoing.between(null, null); // one that was sent would keep all that was ever behind it
        if (before == null) {
            first = behind;
        } else {
            before.between(before.before(), behind);
        }
        if (behind == null) {
            last = before;
        } else {
            behind.between(before, behind.behind());
        }
    }
}
