/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.spi.MessageStore.Receiver;
import io.bascule.store.codec.Copy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Who is to receive a message, in the order that {@link Fanout} wants.
 *
 * @param sessions whose copies these are, in their order
 */
record Receivers(List<Copy> copies, List<KeptSession> sessions) {
    private static final Comparator<Receiving> IN_ORDER = Comparator.comparingLong(
                    (Receiving each) -> each.copy().session())
            .thenComparingInt(each -> each.copy().copy());

    private record Receiving(KeptSession session, Copy copy) {}

    /** Those of the receivers that are kept. */
    static Receivers of(Message message, List<Receiver> receivers) {
        List<Receiving> found = new ArrayList<>(receivers.size());
        for (Receiver each : receivers) {
            if (each.session() instanceof LogSession kept
                    && kept.isKept()
                    && each.delivered(message.qos()) != QoS.AT_MOST_ONCE) {
                found.add(receiving(message, each, kept.session()));
            }
        }
        found.sort(IN_ORDER);
        List<Copy> copies = new ArrayList<>(found.size());
        List<KeptSession> sessions = new ArrayList<>(found.size());
        for (Receiving each : found) {
            copies.add(each.copy());
            sessions.add(each.session());
        }
        return new Receivers(copies, sessions);
    }

    private static Receiving receiving(Message message, Receiver receiver, KeptSession session) {
        QoS qos = receiver.delivered(message.qos());
        boolean retain = message.retain() && receiver.retainAsPublished();
        int[] identifiers = receiver.subscriptionIdentifiers();
        return new Receiving(
                session, new Copy(session.number(), receiver.copy(), qos, retain, identifiers, 0, 0, false));
    }

    boolean isEmpty() {
        return copies.isEmpty();
    }

    /** Has them receive the message, but for those that have ended. */
    void receive(LogMessage message) {
        List<Recipient> recipients = new ArrayList<>(copies.size());
        int[] numbers = new int[copies.size()];
        boolean several = false;
        KeptSession before = null;
        for (int i = 0; i < copies.size(); i++) {
            KeptSession session = sessions.get(i);
            if (session.isEnded()) {
                continue;
            }
            Copy copy = copies.get(i);
            numbers[recipients.size()] = copy.copy();
            several |= copy.copy() != 0;
            recipients.add(copy.packetId() == 0 ? session : sent(message, session, copy));
            if (session != before) {
                session.queued(message);
                before = session;
            }
        }
        message.receivers(recipients, several ? Arrays.copyOf(numbers, recipients.size()) : null);
    }

    private static InFlight sent(LogMessage message, KeptSession session, Copy copy) {
        InFlight sent = session.sent(message, copy.copy(), copy.packetId(), copy.sentAt());
        if (copy.received()) {
            sent.receive();
        }
        return sent;
    }
}
