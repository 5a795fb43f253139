/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.nio.ByteBuffer;

/** Is given every record of a log that is opened, in the order of their sequences. */
@FunctionalInterface
public interface Replay {

    /**
     * One record.
     *
     * @param sequence by which {@link SegmentedLog#read} finds it; it jumps where segments were deleted or are damaged
     * @param payload valid during the call only
     */
    void record(long sequence, byte type, ByteBuffer payload);
}
