/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

/**
 * A segment as it stands.
 *
 * @param number grows from segment to segment, with gaps
 * @param firstSequence of its records
 * @param nextSequence one after its last record; the first where it has none
 * @param bytes what of its file is good
 * @param quarantined whether some of its records could not be read when the log was opened
 */
public record SegmentInfo(long number, long firstSequence, long nextSequence, long bytes, boolean quarantined) {}
