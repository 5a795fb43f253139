/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.store.log.LogSettings;
import java.util.Objects;

/**
 * How a store works. Nothing of it is in the files: a folder can be opened with any.
 *
 * @param log how it writes
 * @param heapBytes how much of the heap the messages take that are held in memory until they are delivered, 0 or more; what comes
 *     beyond that is read back from the disk
 * @param limitBytes how much what is kept may take, 0 or more; the disk has up to three times that, and two segments
 */
public record StoreSettings(LogSettings log, long heapBytes, long limitBytes) {
    /** What {@code heapBytes} is unless somebody says otherwise: 64 MiB. */
    public static final long HEAP_BYTES = 64 << 20;

    /** What {@code limitBytes} is unless somebody says otherwise: 1 GiB. */
    public static final long LIMIT_BYTES = 1 << 30;

    public StoreSettings {
        Objects.requireNonNull(log, "log");
        if (heapBytes < 0 || limitBytes < 0) {
            throw new IllegalArgumentException(
                    "heapBytes and limitBytes are 0 or more, not " + heapBytes + " and " + limitBytes);
        }
    }

    /** With the usual limit. */
    public StoreSettings(LogSettings log, long heapBytes) {
        this(log, heapBytes, LIMIT_BYTES);
    }
}
