/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.login;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Who is banned, by key; a bounded number of them, of whom the one gives way who was banned first. Not safe for use by several threads. */
final class BanTable {
    private final int capacity;
    private final Map<String, Banned> bans = new LinkedHashMap<>();

    BanTable(int capacity) {
        this.capacity = capacity;
    }

    void add(String key, Banned banned) {
        bans.remove(key);
        if (bans.size() >= capacity) {
            bans.remove(bans.keySet().iterator().next());
        }
        bans.put(key, banned);
    }

    /** Whether it is banned; then this is one more connection that is refused. */
    boolean refuses(String key, long nowNanos) {
        Banned banned = bans.get(key);
        if (banned == null || banned.isOver(nowNanos)) {
            return false;
        }
        banned.refuse();
        return true;
    }

    /** Those whose ban is not over, in the order in which they were banned. */
    Stream<Banned> inForce(long nowNanos) {
        return bans.values().stream().filter(banned -> !banned.isOver(nowNanos));
    }

    /** Takes those out whose ban is over, so many of the oldest at most. */
    List<Banned> sweep(long nowNanos, int atMost) {
        List<Banned> over = new ArrayList<>();
        Iterator<Banned> oldest = bans.values().iterator();
        while (over.size() < atMost && oldest.hasNext()) {
            Banned banned = oldest.next();
            if (!banned.isOver(nowNanos)) {
                break;
            }
            oldest.remove();
            over.add(banned);
        }
        return over;
    }

    /** Takes these out; how many bans were in force. */
    int lift(Predicate<Banned> which, long nowNanos) {
        int lifted = (int) inForce(nowNanos).filter(which).count();
        bans.values().removeIf(which);
        return lifted;
    }

    int size() {
        return bans.size();
    }
}
