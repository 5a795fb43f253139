/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.mqtt.Message;
import io.bascule.spi.StoredMessage;
import io.bascule.store.log.SegmentedLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads messages back, on a thread of its own. */
final class Reader {
    private static final Logger LOG = LoggerFactory.getLogger(Reader.class);

    private final State state;
    private final SegmentedLog log;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "bascule-store-reader");
        made.setDaemon(true);
        return made;
    });

    Reader(State state, SegmentedLog log) {
        this.state = state;
        this.log = log;
    }

    /** Hands these over, read where they are not in memory; never after {@link #close}. */
    void read(List<StoredMessage> messages, Consumer<List<Optional<Message>>> then) {
        try {
            thread.execute(() -> then.accept(messages.stream().map(this::read).toList()));
        } catch (RejectedExecutionException e) {
            LOG.debug("Nothing is read any more: the store is closed");
        }
    }

    private Optional<Message> read(StoredMessage message) {
        Optional<Message> inMemory = message.message();
        if (inMemory.isPresent()) {
            return inMemory;
        }
        LogMessage logged = message instanceof FurtherCopy further ? further.of() : (LogMessage) message;
        try {
            return Optional.of(Messages.decode(ByteBuffer.wrap(record(logged)), state.time()));
        } catch (IOException | RuntimeException e) {
            if (isNeeded(logged)) { // otherwise it was dropped meanwhile
                LOG.error("Message {} cannot be read back: {}", message.position(), e.getMessage());
            }
            return Optional.empty();
        }
    }

    private boolean isNeeded(LogMessage message) {
        synchronized (state) {
            return message.isNeeded();
        }
    }

    private byte[] record(LogMessage message) throws IOException {
        long sequence = sequence(message);
        while (true) {
            try {
                return log.read(sequence).payload();
            } catch (IOException e) {
                long present = sequence(message);
                if (present == sequence) {
                    throw e;
                }
                sequence = present; // it was copied meanwhile, and what it was in deleted
            }
        }
    }

    private long sequence(LogMessage message) {
        synchronized (state) {
            return message.sequence();
        }
    }

    void close() {
        thread.shutdownNow();
    }
}
