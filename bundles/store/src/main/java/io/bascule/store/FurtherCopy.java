/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.mqtt.Message;
import io.bascule.spi.SessionStore;
import io.bascule.spi.StoredMessage;
import java.util.Optional;

/** A message as another copy than 0 of what a session receives. */
record FurtherCopy(LogMessage of, int copy) implements StoredMessage {

    @Override
    public long position() {
        return of.position();
    }

    @Override
    public Optional<StoredMessage> forReceiver(SessionStore session, int other) {
        return of.forReceiver(session, other);
    }

    @Override
    public Optional<Message> message() {
        return of.message();
    }

    @Override
    public int sizeInBytes() {
        return of.sizeInBytes();
    }

    @Override
    public boolean isExpired(long nowNanos) {
        return of.isExpired(nowNanos);
    }
}
