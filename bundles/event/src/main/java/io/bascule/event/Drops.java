/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Counts what is given up, by reason, and tells of the first for each. For use by several threads. */
final class Drops {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final Consumer<String> warn;

    Drops(Consumer<String> warn) {
        this.warn = warn;
    }

    /** Counts one; the sentence says why, where it is the first. */
    void add(String reason, String sentence) {
        LongAdder fresh = new LongAdder();
        LongAdder before = counts.putIfAbsent(reason, fresh);
        (before == null ? fresh : before).increment();
        if (before == null) {
            warn.accept(sentence + "; dropped, and so are more like it, counted under " + reason);
        }
    }

    /** By reason, in alphabetical order. */
    Map<String, Long> counts() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((reason, count) -> sums.put(reason, count.sum()));
        return sums;
    }
}
