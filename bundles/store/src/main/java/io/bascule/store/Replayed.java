/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.store.codec.Copy;
import io.bascule.store.codec.MessageHead;
import java.util.List;

/** A message of an earlier life, with what is needed to hand it over. There may be millions when a store is opened. */
final class Replayed extends LogMessage {
    private final long appendedAt;
    private List<Copy> copies;

    /** @param copies how it is to be delivered to whom; may be shared with others */
    Replayed(LogTime time, long number, MessageHead head, List<Copy> copies) {
        super(time, number, head.deadline(), head.size());
        this.appendedAt = head.appendedAt();
        this.copies = copies;
    }

    /** Log time. */
    long appendedAt() {
        return appendedAt;
    }

    List<Copy> copies() {
        return copies;
    }

    /** It will not be handed over again. */
    void handedOver() {
        copies = List.of();
    }
}
