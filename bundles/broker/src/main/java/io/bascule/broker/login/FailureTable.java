/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.login;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has failed of late, how often; a bounded number of them. They stand by how bad they are, in levels of 1, 2 to 3, 4 to 7, … failures. When
 * there is no more room, the oldest of the fullest level gives way. So a flood of names that fail once each pushes out such names, and who has
 * failed more often stays; a flood that fails twice each pushes out nobody who comes next. Whatever floods pushes out itself.
 *
 * <p>Not safe for use by several threads.
 */
final class FailureTable {
    private static final int LEVELS = 8;

    private final int capacity;
    private final List<Map<String, RecentFailures>> levels = new ArrayList<>(LEVELS);

    FailureTable(int capacity) {
        this.capacity = capacity;
        for (int i = 0; i < LEVELS; i++) {
            levels.add(new LinkedHashMap<>()); // those who have failed last stand last
        }
    }

    /** One more failure; how many there were of late. */
    int failed(String key, long nowNanos) {
        RecentFailures failures = remove(key);
        if (failures == null) {
            makeRoom();
            failures = new RecentFailures();
        }
        int count = failures.add(nowNanos);
        levels.get(level(count)).put(key, failures);
        return count;
    }

    private static int level(int count) {
        return Math.min(LEVELS, Integer.SIZE - Integer.numberOfLeadingZeros(count)) - 1;
    }

    void forget(String key) {
        remove(key);
    }

    private RecentFailures remove(String key) {
        for (Map<String, RecentFailures> level : levels) {
            RecentFailures failures = level.remove(key);
            if (failures != null) {
                return failures;
            }
        }
        return null;
    }

    private void makeRoom() {
        if (size() >= capacity) {
            Iterator<RecentFailures> fullest = levels.stream()
                    .max(Comparator.comparingInt(Map::size))
                    .orElseThrow()
                    .values()
                    .iterator();
            fullest.next();
            fullest.remove();
        }
    }

    int size() {
        return levels.stream().mapToInt(Map::size).sum();
    }

    /** Forgets those who have not failed of late, so many of each level at most. */
    void sweep(long nowNanos, int atMost) {
        for (Map<String, RecentFailures> level : levels) {
            Iterator<RecentFailures> oldest = level.values().iterator();
            for (int i = 0; i < atMost && oldest.hasNext() && oldest.next().count(nowNanos) == 0; i++) {
                oldest.remove();
            }
        }
    }
}
