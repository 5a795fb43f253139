/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.store.codec.Encoder;
import io.bascule.store.codec.RecordType;
import java.nio.ByteBuffer;

/** The last record of how the clocks stood. */
final class Tick extends Live {
    private static final long EVERY_MILLIS = 60_000;

    private final LogTime time;
    private long lastMillis;

    Tick(LogTime time) {
        this.time = time;
    }

    /** Whether the last one is old. */
    boolean isDue() {
        return time.now() - lastMillis >= EVERY_MILLIS;
    }

    @Override
    RecordType type() {
        return RecordType.TICK;
    }

    @Override
    boolean isOnDiskAlone() {
        return false;
    }

    @Override
    Encoder copy(ByteBuffer record) {
        lastMillis = time.now();
        return type().encode(time.wallMillis(), lastMillis);
    }
}
