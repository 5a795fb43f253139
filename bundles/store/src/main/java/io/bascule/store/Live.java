/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.store.codec.Encoder;
import io.bascule.store.codec.RecordType;
import java.nio.ByteBuffer;

/** Something that needs its record on disk. Guarded by the lock of the {@link State}. */
abstract class Live {
    Live previous;
    Live next;
    private long sequence;
    private int bytes;

    /** Where its record is now; or was last, when it is not live any more. */
    final long sequence() {
        return sequence;
    }

    /** What its record takes on disk; 0 when it needs none. */
    final int bytes() {
        return bytes;
    }

    final boolean isLive() {
        return bytes > 0;
    }

    final void at(long newSequence, int newBytes) {
        sequence = newSequence;
        bytes = newBytes;
    }

    final void over() {
        bytes = 0;
    }

    abstract RecordType type();

    /** Whether its record has to be read for {@link #copy}. */
    boolean isOnDiskAlone() {
        return true;
    }

    /** A record of this type that says the same as its present one and what has come of it since. */
    abstract Encoder copy(ByteBuffer record);
}
