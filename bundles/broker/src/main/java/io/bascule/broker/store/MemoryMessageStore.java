/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.store;

import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.MessageStore;
import io.bascule.spi.Restoration;
import io.bascule.spi.SessionStore;
import io.bascule.spi.SessionTerms;
import io.bascule.spi.StoredMessage;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Promises nothing beyond the life of the broker: everything is in the sessions themselves, so there is nothing to write. It is a service
 * while no bundle is there that has a better one ({@link MemoryStoreSwitch}).
 */
public final class MemoryMessageStore implements MessageStore {
    private static final SessionStore NOTHING = new Nothing();

    @Override
    public void restore(Restoration into) {}

    @Override
    public SessionStore session(String clientId) {
        return NOTHING;
    }

    @Override
    public StoredMessage append(
            Message message, boolean retained, List<Receiver> receivers, Optional<Receipt> receipt) {
        return new InMemory(message);
    }

    @Override
    public long unretain(Topic topic) {
        return 0;
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
        reader.accept(messages.stream().map(StoredMessage::message).toList());
    }

    @Override
    public boolean isCongested() {
        return false;
    }

    @Override
    public void whenRelieved(Runnable action) {
        action.run();
    }

    @Override
    public long keptBytes() {
        return 0;
    }

    @Override
    public long limitBytes() {
        return Long.MAX_VALUE;
    }

    @Override
    public Optional<String> failure() {
        return Optional.empty();
    }

    private record InMemory(Message kept) implements StoredMessage {
        @Override
        public long position() {
            return 0;
        }

        @Override
        public Optional<StoredMessage> forReceiver(SessionStore session, int copy) {
            return Optional.empty();
        }

        @Override
        public Optional<Message> message() {
            return Optional.of(kept);
        }

        @Override
        public int sizeInBytes() {
            return kept.sizeInBytes();
        }

        @Override
        public boolean isExpired(long nowNanos) {
            return kept.isExpired(nowNanos);
        }
    }

    private static final class Nothing implements SessionStore {
        @Override
        public boolean isKept() {
            return false;
        }

        @Override
        public void connected(SessionTerms terms) {}

        @Override
        public void expiry(long sessionExpiryInterval) {}

        @Override
        public void disconnected() {}

        @Override
        public void willDone() {}

        @Override
        public long subscribed(Subscription subscription) {
            return 0;
        }

        @Override
        public long unsubscribed(TopicFilter filter) {
            return 0;
        }

        @Override
        public long sent(StoredMessage message, int packetId) {
            return 0;
        }

        @Override
        public long received(int packetId) {
            return 0;
        }

        @Override
        public void completed(int packetId) {}

        @Override
        public void dropped(StoredMessage message) {}

        @Override
        public long accepted(int packetId) {
            return 0;
        }

        @Override
        public long released(int packetId) {
            return 0;
        }

        @Override
        public long end() {
            return 0;
        }
    }
}
