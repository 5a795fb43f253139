/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.store.LogMessageStore;
import io.bascule.store.StoreSettings;
import io.bascule.store.log.DiskFolder;
import io.bascule.store.log.Durability;
import io.bascule.store.log.LogSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** A broker with a store on disk. What it has kept is there when the next one is started in the same folder. */
final class StoredBroker implements AutoCloseable {
    private final HeldDisk disk;
    private final LogMessageStore store;
    private final TestBroker broker;

    /** One that has so much of what waits in memory, and can have so much wait for the disk, in bytes. */
    StoredBroker(Path folder, long heapBytes, long pendingBytes) {
        try {
            disk = new HeldDisk(DiskFolder.open(folder));
            LogSettings log = new LogSettings(Durability.FSYNC, 1 << 20, pendingBytes);
            store = LogMessageStore.open(disk, new StoreSettings(log, heapBytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = new TestBroker(Map.of(), Map.of(), store);
    }

    StoredBroker(Path folder) {
        this(folder, StoreSettings.HEAP_BYTES, 1 << 20);
    }

    HeldDisk disk() {
        return disk;
    }

    BrokerComponent broker() {
        return broker.broker();
    }

    int port() {
        return broker.port();
    }

    @Override
    public void close() {
        disk.release();
        broker.close();
        try {
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
