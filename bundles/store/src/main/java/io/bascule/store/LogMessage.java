/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.mqtt.Message;
import io.bascule.spi.SessionStore;
import io.bascule.spi.StoredMessage;
import io.bascule.store.codec.Copy;
import io.bascule.store.codec.Encoder;
import io.bascule.store.codec.MessageHead;
import io.bascule.store.codec.RecordType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message in the log, and of what a session receives of it the copy 0. What it takes on the heap beside the message itself, while that is there, is all that a queue of a million
 * takes: so what is needed only to deliver it again stays on disk.
 *
 * <p>Who is still to receive it, and where it is, is guarded by the lock of the {@link State}.
 */
class LogMessage extends Live implements StoredMessage {
    private final LogTime time;
    private final long number;
    private final long deadline;
    private final int size;
    /** Null for nobody, a {@link Recipient} for one, a {@link Fanout} for several. */
    private Object receivers;

    private boolean retained;
    private boolean counted;
    private volatile Message message;

    LogMessage(LogTime time, long number, long deadline, int size) {
        this.time = time;
        this.number = number;
        this.deadline = deadline;
        this.size = size;
    }

    long number() {
        return number;
    }

    long deadline() {
        return deadline;
    }

    @Override
    public long position() {
        return number;
    }

    @Override
    public Optional<StoredMessage> forReceiver(SessionStore session, int copy) {
        return session instanceof LogSession logged && logged.isFor(this, copy)
                ? Optional.of(copy == 0 ? this : new FurtherCopy(this, copy))
                : Optional.empty();
    }

    @Override
    public Optional<Message> message() {
        return Optional.ofNullable(message);
    }

    @Override
    public int sizeInBytes() {
        return size;
    }

    @Override
    public boolean isExpired(long nowNanos) {
        return isExpiredAt(time.at(nowNanos));
    }

    boolean isExpiredAt(long millis) {
        return millis >= deadline;
    }

    // ---------------------------------------------------------------- in memory

    void load(Message loaded) {
        message = loaded;
    }

    void unload() {
        message = null;
    }

    /** Whether it counts against what messages may take on the heap. */
    boolean isCounted() {
        return counted;
    }

    void count(boolean inMemory) {
        counted = inMemory;
    }

    // ---------------------------------------------------------------- what it is needed for

    boolean isNeeded() {
        return retained || receivers != null;
    }

    boolean isRetained() {
        return retained;
    }

    void retain(boolean asRetained) {
        retained = asRetained;
    }

    /** These receivers, in the order of {@link Fanout}. */
    void receivers(List<Recipient> recipients, int[] copies) {
        if (recipients.isEmpty()) {
            receivers = null;
        } else if (recipients.size() == 1 && copies == null) {
            receivers = recipients.get(0);
        } else {
            receivers = new Fanout(recipients, copies);
        }
    }

    /** What is known of this receiver; null when it is done or was none. */
    Recipient find(long session, int copy) {
        if (receivers instanceof Fanout several) {
            return several.find(session, copy);
        }
        return receivers instanceof Recipient one && copy == 0 && one.session().number() == session ? one : null;
    }

    /** Whether this session is to receive it and is not done with it. */
    boolean isFor(KeptSession session) {
        if (receivers instanceof Fanout several) {
            return several.isFor(session.number());
        }
        return receivers instanceof Recipient one && one.session() == session;
    }

    /** All that are not done. */
    List<Recipient> left() {
        if (receivers instanceof Fanout several) {
            return several.left();
        }
        return receivers instanceof Recipient one ? List.of(one) : List.of();
    }

    /** It is on its way. */
    void sent(InFlight inFlight) {
        if (receivers instanceof Fanout several) {
            several.set(inFlight.copy(), inFlight);
        } else {
            receivers = inFlight;
        }
    }

    /** This copy of a receiver is done. */
    void settle(KeptSession session, int copy) {
        if (receivers instanceof Fanout several) {
            several.settle(session, copy);
            receivers = several.isDone() ? null : several;
        } else {
            receivers = null;
        }
    }

    /** All copies of a receiver are done. */
    void settle(KeptSession session) {
        if (receivers instanceof Fanout several) {
            several.settle(session);
            receivers = several.isDone() ? null : several;
        } else if (isFor(session)) {
            receivers = null;
        }
    }

    // ---------------------------------------------------------------- copied

    @Override
    RecordType type() {
        return RecordType.MESSAGE;
    }

    @Override
    Encoder copy(ByteBuffer record) {
        var decoder = type().decoder(record);
        MessageHead head = MessageHead.decode(decoder);
        List<Copy> left = new ArrayList<>();
        for (Copy each : head.receivers()) {
            Recipient recipient = find(each.session(), each.copy());
            if (recipient instanceof InFlight sent) {
                left.add(each.sent(sent.packetId(), sent.sentAt(), sent.isReceived()));
            } else if (recipient != null) {
                left.add(each.waiting());
            }
        }
        // The publisher's Packet Identifier has a record of its own from now on, where it is not released.
        MessageHead present = new MessageHead(number, head.appendedAt(), deadline, size, retained, 0, 0, left);
        Encoder encoder =
                type().encoder(present.expectedBytes() + decoder.rest().remaining());
        present.encode(encoder);
        return encoder.raw(decoder.rest());
    }
}
