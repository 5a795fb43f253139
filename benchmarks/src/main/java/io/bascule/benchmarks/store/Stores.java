/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.store;

import io.bascule.api.SessionOptions.Overlap;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageStore.Receiver;
import io.bascule.spi.Restoration;
import io.bascule.spi.SessionStore;
import io.bascule.spi.SessionTerms;
import io.bascule.spi.StoredSession;
import io.bascule.store.LogMessageStore;
import io.bascule.store.StoreSettings;
import io.bascule.store.log.DiskFolder;
import io.bascule.store.log.Durability;
import io.bascule.store.log.LogSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Stores as they are configured by default. */
final class Stores {
    private static final int SEGMENT = 32 << 20;
    private static final int PENDING = 16 << 20;
    private static final long HOUR = 3600;
    private static final int[] NONE = {};
    private static final byte[] PAYLOAD = new byte[256];

    private Stores() {}

    /** The store of this folder, with all that is in it handed over. */
    static LogMessageStore open(Path folder, Durability durability, Restoration into) throws IOException {
        LogSettings log = new LogSettings(durability, SEGMENT, PENDING);
        LogMessageStore store =
                LogMessageStore.open(DiskFolder.open(folder), new StoreSettings(log, StoreSettings.HEAP_BYTES));
        store.restore(into);
        return store;
    }

    /** A session that is kept, for a message or a copy of one. */
    static Receiver receiver(LogMessageStore store, String clientId) {
        SessionStore session = store.session(clientId);
        session.connected(new SessionTerms(HOUR, Optional.empty(), Optional.empty(), Overlap.ONE_COPY));
        return new Receiver(session, 0, QoS.AT_LEAST_ONCE, false, NONE);
    }

    /** A message of 256 bytes that is to be kept. */
    static Message message() {
        return Message.of(Topic.of("plant/7/device-1/temperature"), PAYLOAD, QoS.AT_LEAST_ONCE, false);
    }

    /** Counts what it gets. */
    static final class Counting implements Restoration {
        private int messages;

        int messages() {
            return messages;
        }

        @Override
        public void retained(Message message) {
            messages++;
        }

        @Override
        public void session(StoredSession session) {
            session.queued().forEach(each -> messages++);
        }
    }
}
