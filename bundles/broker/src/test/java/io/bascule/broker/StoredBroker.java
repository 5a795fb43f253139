/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.broker.extension.Extensions;
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

    StoredBroker(Path folder, Map<String, Object> properties, StoreSettings settings) {
        this(folder, properties, Map.of(), settings);
    }

    StoredBroker(
            Path folder,
            Map<String, Object> properties,
            Map<String, Object> listenerProperties,
            StoreSettings settings) {
        try {
            disk = new HeldDisk(DiskFolder.open(folder));
            store = LogMessageStore.open(disk, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = new TestBroker(properties, listenerProperties, store);
    }

    /** One that has so much of what waits in memory, and can have so much wait for the disk, in bytes. */
    StoredBroker(Path folder, long heapBytes, long pendingBytes) {
        this(folder, Map.of(), new StoreSettings(log(pendingBytes), heapBytes));
    }

    StoredBroker(Path folder) {
        this(folder, StoreSettings.HEAP_BYTES, 1 << 20);
    }

    static LogSettings log(long pendingBytes) {
        return new LogSettings(Durability.FSYNC, 1 << 20, pendingBytes);
    }

    HeldDisk disk() {
        return disk;
    }

    LogMessageStore store() {
        return store;
    }

    BrokerComponent broker() {
        return broker.broker();
    }

    Extensions extensions() {
        return broker.extensions();
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
