/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.IOException;

/** A log that commits when the test says so. */
public final class StepLog {
    private StepLog() {}

    public static SegmentedLog open(Folder folder, LogSettings settings, Replay replay, LogListener listener)
            throws IOException {
        return SegmentedLog.prepare(folder, settings, replay, listener);
    }

    /** Makes one group safe, if the disk takes it and there is one. */
    public static void commit(SegmentedLog log) {
        if (log.bytes() > log.segments().stream().mapToLong(SegmentInfo::bytes).sum()) {
            log.committer().attempt();
        }
    }

    /** The process ends. */
    public static void end(SegmentedLog log) {
        log.committer().end();
    }
}
