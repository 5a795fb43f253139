/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.store;

import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.MessageStore;
import io.bascule.spi.SessionStore;
import io.bascule.spi.StoredMessage;
import java.util.List;
import java.util.Optional;

/** Promises nothing beyond the life of the broker: everything is in the sessions themselves, so there is nothing to write. */
public final class MemoryMessageStore implements MessageStore {
    private static final SessionStore NOTHING = new Nothing();

    @Override
    public SessionStore session(String clientId) {
        return NOTHING;
    }

    @Override
    public StoredMessage append(Message message, List<SessionStore> receivers, Optional<Receipt> receipt) {
        return new InMemory(message);
    }

    @Override
    public void retain(Message message) {}

    @Override
    public void whenDurable(Runnable action) {
        action.run();
    }

    private record InMemory(Message message) implements StoredMessage {}

    private static final class Nothing implements SessionStore {
        @Override
        public void expiry(long sessionExpiryInterval) {}

        @Override
        public void subscribed(Subscription subscription) {}

        @Override
        public void unsubscribed(TopicFilter filter) {}

        @Override
        public void sent(StoredMessage message, int packetId) {}

        @Override
        public void received(int packetId) {}

        @Override
        public void completed(int packetId) {}

        @Override
        public void dropped(StoredMessage message) {}

        @Override
        public void released(int packetId) {}

        @Override
        public void end() {}
    }
}
