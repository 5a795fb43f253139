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
 */
public record StoreSettings(LogSettings log, long heapBytes) {
    /** What {@code heapBytes} is unless somebody says otherwise: 64 MiB. */
    public static final long HEAP_BYTES = 64 << 20;

    public StoreSettings {
        Objects.requireNonNull(log, "log");
        if (heapBytes < 0) {
            throw new IllegalArgumentException("heapBytes is 0 or more, not " + heapBytes);
        }
    }
}
