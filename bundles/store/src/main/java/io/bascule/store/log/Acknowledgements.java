/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What is to be done when records are safe, in log order. */
final class Acknowledgements {
    private final List<Action> actions = new ArrayList<>();
    /** Up to which sequence everything was done: less than what is safe, while the committer is about it. */
    private long done;
    /** Up to which sequence everything is safe. */
    private volatile long safe;

    private record Action(long sequence, Runnable action) {}

    Acknowledgements(long done) {
        this.done = done;
        this.safe = done;
    }

    /** Whether the record is safe, though what waits for that may not have been done yet. */
    boolean isSafe(long sequence) {
        return sequence <= safe;
    }

    /** Up to which sequence everything is safe. */
    long safe() {
        return safe;
    }

    /** Does this when the record is safe and everything before it has been done: now, or on the committer thread. */
    void when(long sequence, Runnable action) {
        synchronized (this) {
            if (sequence > done) {
                actions.add(behind(sequence), new Action(sequence, action));
                return;
            }
        }
        action.run();
    }

    /** Does, through the runner, what waited for these records. Committer only. */
    void advance(long sequence, Consumer<Runnable> runner) {
        safe = sequence;
        for (List<Action> ready = ready(sequence); !ready.isEmpty(); ready = ready(sequence)) {
            ready.forEach(one -> runner.accept(one.action()));
        }
    }

    private synchronized List<Action> ready(long sequence) {
        List<Action> first = actions.subList(0, behind(sequence));
        List<Action> ready = List.copyOf(first);
        first.clear();
        if (ready.isEmpty()) {
            done = sequence;
        }
        return ready;
    }

    /** How many actions are for this sequence or an earlier one. They come nearly in order. */
    private int behind(long sequence) {
        int low = 0;
        int high = actions.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (actions.get(middle).sequence() <= sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
