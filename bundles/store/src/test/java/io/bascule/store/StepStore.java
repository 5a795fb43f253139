/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.spi.MessageStore;
import io.bascule.store.log.Durability;
import io.bascule.store.log.Folder;
import io.bascule.store.log.LogListener;
import io.bascule.store.log.LogSettings;
import io.bascule.store.log.StepLog;
import java.io.IOException;
import java.util.function.LongSupplier;

/** A store that makes safe and compacts when the test says so, for the tests of other bundles. */
public final class StepStore {
    private static final int SEGMENT_BYTES = 1_024;
    private static final int HEAP_BYTES = 1_000;

    private final LogMessageStore store;

    private StepStore(LogMessageStore store) {
        this.store = store;
    }

    /** Opens the store of this folder; segments and what it holds in memory are small. */
    public static StepStore open(Folder folder, Durability durability, LongSupplier nanos, LongSupplier wallMillis)
            throws IOException {
        StoreClock clock = new StoreClock() {
            @Override
            public long nanos() {
                return nanos.getAsLong();
            }

            @Override
            public long wallMillis() {
                return wallMillis.getAsLong();
            }
        };
        StoreSettings settings = new StoreSettings(new LogSettings(durability, SEGMENT_BYTES, 1 << 20), HEAP_BYTES);
        return new StepStore(LogMessageStore.prepare(
                folder,
                settings,
                clock,
                (in, itsSettings, replay, listener) -> StepLog.open(in, itsSettings, replay, new Silence()),
                Compactor::new));
    }

    public MessageStore store() {
        return store;
    }

    /** Makes one group safe, if the disk takes it; false when nothing waits for that. */
    public boolean commit() {
        if (store.log().isWritten(store.lastSequence())) {
            return false;
        }
        StepLog.commit(store.log());
        return true;
    }

    /** Does some of what there is to compact, if the disk takes it. */
    public void compact() throws IOException {
        store.compactor().step();
    }

    /** The process ends. */
    public void end() {
        store.reader().close();
        StepLog.end(store.log());
    }

    /** The disk is to refuse, and no line in a log is to say so. */
    private static final class Silence implements LogListener {
        @Override
        public void failed(IOException reason) {}

        @Override
        public void recovered() {}
    }
}
