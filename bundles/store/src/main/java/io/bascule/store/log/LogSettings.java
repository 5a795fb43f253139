/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.util.Objects;

/**
 * How a log works. Nothing of it is in the files: a folder can be opened with any.
 *
 * @param durability when a record counts as safe
 * @param segmentBytes how long a segment becomes, 1 KiB to 1 GiB; only one that has a single record is longer
 * @param pendingBytes from how many bytes that are not safe yet the log is congested, at least 1
 */
public record LogSettings(Durability durability, long segmentBytes, long pendingBytes) {
    private static final long SMALLEST_SEGMENT = 1 << 10;
    private static final long LARGEST_SEGMENT = 1 << 30;

    public LogSettings {
        Objects.requireNonNull(durability, "durability");
        if (segmentBytes < SMALLEST_SEGMENT || segmentBytes > LARGEST_SEGMENT) {
            throw new IllegalArgumentException("segmentBytes must be " + SMALLEST_SEGMENT + " to " + LARGEST_SEGMENT);
        }
        if (pendingBytes < 1) {
            throw new IllegalArgumentException("pendingBytes must be positive");
        }
    }
}
