/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The receivers of one message, in the order of their sessions' numbers and then of their copies. One that is done stays where it is,
 * so that any other is found by its number whatever their count. Guarded by the lock of the {@link State}.
 */
final class Fanout {
    private final Recipient[] recipients;
    /** Null where nobody receives more than one. */
    private final int[] copies;

    private final BitSet done;
    private int left;

    Fanout(List<Recipient> recipients, int[] copies) {
        this.recipients = recipients.toArray(Recipient[]::new);
        this.copies = copies;
        this.done = new BitSet(this.recipients.length);
        this.left = this.recipients.length;
    }

    boolean isDone() {
        return left == 0;
    }

    /** This receiver, or null when it is done or was none. */
    Recipient find(long session, int copy) {
        int index = index(session, copy);
        return isOpen(index, session) && copy(index) == copy ? recipients[index] : null;
    }

    boolean isFor(long session) {
        for (int i = index(session, 0); isOf(i, session); i++) {
            if (!done.get(i)) {
                return true;
            }
        }
        return false;
    }

    void set(int copy, Recipient recipient) {
        recipients[index(recipient.session().number(), copy)] = recipient;
    }

    void settle(KeptSession session, int copy) {
        int index = index(session.number(), copy);
        done.set(index);
        recipients[index] = session;
        left--;
    }

    /** All copies of this session are done. */
    void settle(KeptSession session) {
        for (int i = index(session.number(), 0); isOf(i, session.number()); i++) {
            if (!done.get(i)) {
                settle(session, copy(i));
            }
        }
    }

    /** Those that are not done. */
    List<Recipient> left() {
        return IntStream.range(0, recipients.length)
                .filter(i -> !done.get(i))
                .mapToObj(i -> recipients[i])
                .toList();
    }

    private boolean isOf(int index, long session) {
        return index < recipients.length && recipients[index].session().number() == session;
    }

    private boolean isOpen(int index, long session) {
        return isOf(index, session) && !done.get(index);
    }

    private int copy(int index) {
        return copies == null ? 0 : copies[index];
    }

    /** Where this one is, or would be. */
    private int index(long session, int copy) {
        int low = 0;
        int high = recipients.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            long found = recipients[middle].session().number();
            if (found < session || found == session && copy(middle) < copy) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
