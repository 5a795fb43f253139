/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageStore;
import io.bascule.spi.Restoration;
import io.bascule.spi.SessionStore;
import io.bascule.spi.StoredMessage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A store of which everything is heard on one event loop, so that a sequence goes the same way each time. */
class PatientStore implements MessageStore {
    private final MessageStore store;
    private final Executor loop;

    PatientStore(MessageStore store, Executor loop) {
        this.store = store;
        this.loop = loop;
    }

    @Override
    public void restore(Restoration into) {
        store.restore(into);
    }

    @Override
    public SessionStore session(String clientId) {
        return store.session(clientId);
    }

    @Override
    public StoredMessage append(
            Message message, boolean retained, List<Receiver> receivers, Optional<Receipt> receipt) {
        return store.append(message, retained, receivers, receipt);
    }

    @Override
    public long unretain(Topic topic) {
        return store.unretain(topic);
    }

    @Override
    public boolean isDurable(long position) {
        return store.isDurable(position);
    }

    @Override
    public void whenDurable(long position, Runnable action) {
        store.whenDurable(position, action);
    }

    /** Waits for the store's thread. */
    @Override
    public void read(List<StoredMessage> messages, Consumer<List<Optional<Message>>> reader) {
        CompletableFuture<List<Optional<Message>>> read = new CompletableFuture<>();
        store.read(messages, read::complete);
        List<Optional<Message>> found = read.join();
        loop.execute(() -> reader.accept(found));
    }

    @Override
    public boolean isCongested() {
        return store.isCongested();
    }

    @Override
    public void whenRelieved(Runnable action) {
        store.whenRelieved(action);
    }

    @Override
    public long keptBytes() {
        return store.keptBytes();
    }

    @Override
    public long limitBytes() {
        return store.limitBytes();
    }

    @Override
    public Optional<String> failure() {
        return store.failure();
    }
}
