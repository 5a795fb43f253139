/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.store.codec.Copy;
import java.util.Arrays;
import java.util.List;

/**
 * Lists of receivers, of which there are few in many messages: each message that goes to the same receivers in the same way as one before
 * gets that one's list, as far as it is remembered.
 */
final class SharedCopies {
    private static final int REMEMBERED = 1 << 12;

    @SuppressWarnings({"unchecked", "rawtypes"}) // no other lists come in
    private final List<Copy>[] lists = new List[REMEMBERED];

    /** The same, but for what has become of them. */
    List<Copy> waiting(List<Copy> copies) {
        if (copies.isEmpty()) {
            return List.of();
        }
        int slot = slot(copies);
        List<Copy> known = lists[slot];
        if (known == null || !isSame(copies, known)) {
            known = copies.stream().map(Copy::waiting).toList();
            lists[slot] = known;
        }
        return known;
    }

    private static int slot(List<Copy> copies) {
        long hash = 0;
        for (Copy each : copies) {
            hash = 31 * hash + 4 * each.session() + each.qos().level();
        }
        return Long.hashCode(hash * 0x9E37_79B9_7F4A_7C15L) & REMEMBERED - 1;
    }

    private static boolean isSame(List<Copy> some, List<Copy> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!isSame(some.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(Copy one, Copy other) {
        return one.session() == other.session()
                && one.copy() == other.copy()
                && one.qos() == other.qos()
                && one.retain() == other.retain()
                && Arrays.equals(one.subscriptionIdentifiers(), other.subscriptionIdentifiers());
    }
}
