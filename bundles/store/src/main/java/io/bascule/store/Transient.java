/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.mqtt.Message;
import io.bascule.spi.SessionStore;
import io.bascule.spi.StoredMessage;
import java.util.Optional;

/** A message that is kept for nobody. */
record Transient(Message kept) implements StoredMessage {

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
