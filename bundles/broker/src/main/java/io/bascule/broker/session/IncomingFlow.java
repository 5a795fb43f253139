/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.broker.DropReason;
import io.bascule.broker.Tally;
import io.bascule.broker.extension.Admission;
import io.bascule.broker.extension.Principal;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import java.util.BitSet;

/** The way of messages from whoever is attached to a session into the broker. Touched on the session's event loop alone. */
final class IncomingFlow {
    private final ClientSession session;
    private final SessionEnvironment environment;
    private final Tally received = new Tally();
    private BitSet receivedIds = new BitSet(0);
    private volatile WithheldAcknowledgements withheld; // made for those who have to wait once
    private UnnumberedMessages unnumbered; // made for those who publish such
    private boolean storedQos0;

    IncomingFlow(ClientSession session, SessionEnvironment environment) {
        this.session = session;
        this.environment = environment;
    }

    /** {@link ClientSession#publish}. */
    boolean publish(
            Principal principal, Message message, int packetId, boolean dup, ClientSession.Acknowledged acknowledged) {
        QoS qos = message.qos();
        boolean again = qos == QoS.EXACTLY_ONCE && receivedIds.get(packetId);
        WithheldAcknowledgements waiting = withheld;
        if (waiting != null && isAnswered(waiting, message, packetId, again || dup, acknowledged)) {
            received.increment();
            return true;
        }
        boolean patient = qos != QoS.AT_MOST_ONCE && packetId != 0;
        if (unnumbered != null && packetId == 0 && isTooMuch(qos)) {
            received.increment();
            acknowledged.acknowledged(0, ReasonCode.QUOTA_EXCEEDED);
            return true;
        }
        Routed routed = again ? Routed.to(1) : route(principal, message, packetId, patient);
        if (routed == Routed.UNDECIDED) {
            return false;
        }
        received.increment();
        if (qos == QoS.AT_MOST_ONCE) {
            storedQos0 |= routed.position() != 0;
            if (routed.isRefused()) {
                acknowledged.acknowledged(0, routed.reason());
            }
            return true;
        }
        session.note(routed.position());
        // One without an identifier waits for nobody, nor behind those who do: they would fill up with it.
        if (routed.isWithheld() || packetId != 0 && waiting != null && waiting.waiting() > 0) {
            withhold(routed, qos, packetId, acknowledged);
        } else if (packetId == 0) {
            acknowledgeUnnumbered(message, routed.reason(), acknowledged);
        } else {
            ReasonCode reason = routed.reason();
            session.whenKept(() -> acknowledged.acknowledged(packetId, reason));
        }
        return true;
    }

    /** Of a publisher that has had to wait: whether a message is known already, or one too many, and is not to be routed. */
    private boolean isAnswered(
            WithheldAcknowledgements waiting,
            Message message,
            int packetId,
            boolean again,
            ClientSession.Acknowledged acknowledged) {
        if (message.qos() == QoS.AT_MOST_ONCE || packetId == 0) {
            return false;
        }
        if (waiting.isFull()) {
            acknowledged.acknowledged(packetId, ReasonCode.QUOTA_EXCEEDED);
            return true;
        }
        if (again && waiting.isKnown(message.qos(), packetId, acknowledged)) {
            return true;
        }
        waiting.replaced(message.qos(), packetId);
        return false;
    }

    private boolean isTooMuch(QoS qos) {
        return qos != QoS.AT_MOST_ONCE && unnumbered.isFull() && session.isStoreCongested();
    }

    private void acknowledgeUnnumbered(Message message, ReasonCode reason, ClientSession.Acknowledged acknowledged) {
        if (unnumbered == null) {
            unnumbered = new UnnumberedMessages();
        }
        unnumbered.add(message);
        session.whenKept(() -> {
            unnumbered.acknowledged(message);
            acknowledged.acknowledged(0, reason);
        });
    }

    private void withhold(Routed routed, QoS qos, int packetId, ClientSession.Acknowledged acknowledged) {
        Withheld acknowledgement = orderly().add(qos, packetId, routed.reason(), acknowledged);
        routed.withhold(acknowledgement);
        session.whenKept(acknowledgement::release);
    }

    private WithheldAcknowledgements orderly() {
        WithheldAcknowledgements known = withheld;
        if (known == null) {
            known = new WithheldAcknowledgements(session);
            withheld = known;
        }
        return known;
    }

    /** {@link ClientSession#hasStoredQos0}. */
    boolean hasStoredQos0() {
        return storedQos0;
    }

    /** How many acknowledgements the publisher waits for; from any thread. */
    int withheld() {
        WithheldAcknowledgements waiting = withheld;
        return waiting == null ? 0 : waiting.waiting();
    }

    /** Whether the acknowledgement of a message that came over this connection is withheld. */
    boolean isAwaited(int packetId) {
        WithheldAcknowledgements waiting = withheld;
        return waiting != null && waiting.isAwaited(packetId);
    }

    /** Publishes a will, which nobody acknowledges; false when it cannot be told yet whether it may be. */
    boolean publish(Will will) {
        return route(will.principal(), will.messageNow(), 0, false) != Routed.UNDECIDED;
    }

    private Routed route(Principal principal, Message message, int packetId, boolean patient) {
        int receivedId = message.qos() == QoS.EXACTLY_ONCE ? packetId : 0;
        if (environment.extensions().admitsEverything(principal)) {
            return forward(message, receivedId, patient);
        }
        Admission admission = environment.extensions().admit(principal, message);
        if (admission.isUndecided()) {
            return Routed.UNDECIDED;
        }
        if (admission.refusal().isPresent()) {
            session.home().counters().dropped(DropReason.NOT_AUTHORIZED);
            return Routed.refused(admission.refusal().get()); // and the identifier stays free [MQTT-4.3.3-9]
        }
        if (admission.message().isPresent()) {
            return forward(admission.message().get(), receivedId, patient);
        }
        session.home().counters().dropped(DropReason.INTERCEPTED);
        markReceived(receivedId);
        return Routed.to(1).at(receivedId == 0 ? 0 : session.store().accepted(receivedId));
    }

    private Routed forward(Message message, int receivedId, boolean patient) {
        session.home().counters().received();
        Routed routed = session.home().publisher().publish(message, session, receivedId, patient);
        if (routed.isRefused()) {
            return routed; // and the identifier stays free [MQTT-4.3.3-9]
        }
        markReceived(receivedId); // not before: what the store has failed to take comes again [MQTT-4.3.3-8]
        // Where nobody receives it nothing else says that it has come.
        return receivedId == 0 || routed.position() != 0
                ? routed
                : routed.at(session.store().accepted(receivedId));
    }

    private void markReceived(int receivedId) {
        if (receivedId != 0) {
            receivedIds.set(receivedId);
        }
    }

    /** Whether a QoS 2 message of this identifier was received and is not released. */
    boolean isReceived(int packetId) {
        return receivedIds.get(packetId);
    }

    /** PUBREL; false when the identifier was not known. */
    boolean release(int packetId) {
        boolean known = receivedIds.get(packetId);
        receivedIds.clear(packetId);
        session.note(session.store().released(packetId));
        return known;
    }

    /** Takes the identifiers that the store has kept. */
    void restore(BitSet accepted) {
        receivedIds.or(accepted);
    }

    /** Has the store keep them, as it does the session from now on. */
    void keep() {
        receivedIds.stream().forEach(id -> session.note(session.store().accepted(id)));
    }

    /** Forgets which QoS 2 identifiers were received, and for which messages somebody may come back. */
    void forgetReceived() {
        receivedIds.stream().forEach(id -> session.note(session.store().released(id)));
        receivedIds = new BitSet(0);
        if (withheld != null) {
            withheld.forget();
        }
    }

    /** Whoever was attached has gone. */
    void disconnected() {
        if (withheld != null) {
            withheld.disconnected();
        }
    }

    /** How many messages have come; from any thread. */
    long received() {
        return received.sum();
    }
}
