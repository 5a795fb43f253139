/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageStore;
import io.bascule.spi.Restoration;
import io.bascule.spi.SessionStore;
import io.bascule.spi.StoredMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A store of retained messages that is congested while the test says so, and that has a test do something when it is about to be told. */
final class CongestibleStore implements MessageStore {
    final Map<Topic, Message> kept = new HashMap<>();
    private final List<Runnable> relieved = new ArrayList<>();
    private boolean congested;
    private Runnable beforeNext = () -> {};
    private long told;
    private String failure;
    private long limit = Long.MAX_VALUE;

    void limit(long bytes) {
        limit = bytes;
    }

    void congested(boolean isCongested) {
        congested = isCongested;
        if (!isCongested) {
            List<Runnable> due = List.copyOf(relieved);
            relieved.clear();
            due.forEach(Runnable::run);
        }
    }

    /** Does this once, when it is told of something and before it does as it is told. */
    void beforeNext(Runnable action) {
        beforeNext = action;
    }

    void fail(String why) {
        failure = why;
    }

    /** How often it was told of something. */
    long told() {
        return told;
    }

    private void told(Runnable what) {
        Runnable before = beforeNext;
        beforeNext = () -> {};
        before.run();
        told++;
        what.run();
    }

    @Override
    public StoredMessage append(
            Message message, boolean retained, List<Receiver> receivers, Optional<Receipt> receipt) {
        told(() -> kept.put(message.topic(), message));
        return null;
    }

    @Override
    public long unretain(Topic topic) {
        told(() -> kept.remove(topic));
        return told;
    }

    @Override
    public boolean isCongested() {
        return congested;
    }

    @Override
    public void whenRelieved(Runnable action) {
        if (congested) {
            relieved.add(action);
        } else {
            action.run();
        }
    }

    @Override
    public long keptBytes() {
        return kept.values().stream().mapToLong(Message::sizeInBytes).sum();
    }

    @Override
    public long limitBytes() {
        return limit;
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void restore(Restoration into) {}

    @Override
    public SessionStore session(String clientId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isDurable(long position) {
        return true;
    }

    @Override
    public void whenDurable(long position, Runnable action) {
        action.run();
    }

    @Override
    public void read(List<StoredMessage> messages, Consumer<List<Optional<Message>>> reader) {
        throw new UnsupportedOperationException();
    }
}
