/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.Store.Exported;
import io.bascule.mqtt.Message;
import io.bascule.spi.SessionTerms;
import io.bascule.store.codec.Copy;
import io.bascule.store.codec.Decoder;
import io.bascule.store.codec.MessageBody;
import io.bascule.store.codec.MessageHead;
import io.bascule.store.codec.RecordType;
import io.bascule.store.codec.SessionRecord;
import io.bascule.store.log.SegmentedLog;
import io.bascule.store.transfer.Entry;
import io.bascule.store.transfer.EntryReader;
import io.bascule.store.transfer.EntryWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Writes the contents of a store as entries, one a line. */
final class Exporter {
    private final State state;
    private final Replayer replayer;
    private final long damaged;
    private final SegmentedLog log;
    private final long now;
    private final BooleanSupplier wanted;

    /**
     * Of these contents, of which no record goes meanwhile.
     *
     * @param log where the messages are
     * @param now to which log time ages are counted
     */
    Exporter(Contents contents, SegmentedLog log, long now, BooleanSupplier wanted) {
        this.state = contents.state();
        this.replayer = contents.replayer();
        this.damaged = contents.damaged();
        this.log = log;
        this.now = now;
        this.wanted = wanted;
    }

    Exported write(Writer to) throws IOException {
        line(to, new Entry.Head(EntryReader.VERSION));
        List<KeptSession> sessions = sessions();
        for (KeptSession each : sessions) {
            line(to, session(each));
        }
        long queued = 0;
        for (Replayed each : messages()) {
            List<Entry.Receiver> receivers = receivers(each);
            if (!receivers.isEmpty()) {
                line(to, queued(each, receivers));
                queued++;
            }
        }
        List<LogMessage> retained = retained();
        for (LogMessage each : retained) {
            line(to, new Entry.Retained(each.message().orElseThrow(), expiry(each)));
        }
        line(to, new Entry.End(sessions.size(), queued, retained.size()));
        to.flush();
        return new Exported(sessions.size(), queued, retained.size(), damaged);
    }

    private void line(Writer to, Entry entry) throws IOException {
        if (!wanted.getAsBoolean()) {
            throw new CancellationException("nobody wants it any more");
        }
        EntryWriter.write(entry, to);
    }

    /** Those that outlive their connection. */
    private List<KeptSession> sessions() {
        return state.sessions().values().stream()
                .filter(KeptSession::isKept)
                .sorted(Comparator.comparing(KeptSession::clientId))
                .toList();
    }

    private Entry session(KeptSession session) {
        SessionTerms terms = session.present(replayer.terms().get(session));
        long away = session.awaySince();
        return new Entry.Session(
                session.clientId(),
                terms,
                away == SessionRecord.ATTACHED ? Optional.empty() : Optional.of(since(away)),
                session.subscriptions().stream()
                        .map(each -> replayer.subscriptions().get(each).subscription())
                        .toList(),
                session.inFlight().stream()
                        .map(each -> new Entry.InFlight(each.packetId(), each.isReceived()))
                        .toList(),
                session.accepted().stream().toArray());
    }

    /** Those that somebody has not acknowledged, in the order in which they came. */
    private List<Replayed> messages() {
        List<Replayed> messages = new ArrayList<>();
        for (Live each = state.live().first(); each != null; each = each.next) {
            if (each instanceof Replayed message) {
                messages.add(message);
            }
        }
        messages.sort(Comparator.comparingLong(LogMessage::number));
        return messages;
    }

    private List<Entry.Receiver> receivers(Replayed message) {
        List<Entry.Receiver> receivers = new ArrayList<>();
        for (Copy copy : message.copies()) {
            Recipient recipient = message.find(copy.session(), copy.copy());
            if (recipient != null && recipient.session().isKept()) {
                receivers.add(new Entry.Receiver(
                        recipient.session().clientId(),
                        copy.qos(),
                        copy.retain(),
                        copy.subscriptionIdentifiers(),
                        recipient instanceof InFlight sent ? sent.packetId() : 0));
            }
        }
        return receivers;
    }

    private Entry queued(Replayed message, List<Entry.Receiver> receivers) throws IOException {
        ByteBuffer record = ByteBuffer.wrap(log.read(message.sequence()).payload());
        Decoder decoder = RecordType.MESSAGE.decoder(record);
        MessageHead.decode(decoder);
        Message body = MessageBody.decode(decoder);
        return new Entry.Queued(body, expiry(message), since(message.appendedAt()), receivers);
    }

    private List<LogMessage> retained() {
        return state.retained().entrySet().stream()
                .filter(each -> each.getValue().isRetained() && !each.getValue().isExpiredAt(now))
                .sorted(Comparator.comparing(each -> each.getKey().name()))
                .map(each -> each.getValue())
                .toList();
    }

    /** What is left of its Message Expiry Interval, in seconds. */
    private OptionalLong expiry(LogMessage message) {
        if (message.deadline() == MessageHead.NEVER) {
            return OptionalLong.empty();
        }
        long millis = Math.max(0, message.deadline() - now);
        return OptionalLong.of((millis + TimeUnit.SECONDS.toMillis(1) - 1) / TimeUnit.SECONDS.toMillis(1));
    }

    private Duration since(long logMillis) {
        return Duration.ofMillis(Math.max(0, now - logMillis));
    }
}
