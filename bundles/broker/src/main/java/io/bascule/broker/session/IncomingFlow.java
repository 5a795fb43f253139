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

    IncomingFlow(ClientSession session, SessionEnvironment environment) {
        this.session = session;
        this.environment = environment;
    }

    /** {@link ClientSession#publish}. */
    void publish(Principal principal, Message message, int packetId, ClientSession.Acknowledged acknowledged) {
        received.increment();
        boolean again = message.qos() == QoS.EXACTLY_ONCE && receivedIds.get(packetId);
        ReasonCode reason = again ? ReasonCode.SUCCESS : route(principal, message, packetId);
        if (message.qos() != QoS.AT_MOST_ONCE) {
            environment
                    .store()
                    .whenDurable(() -> session.onEventLoop(() -> acknowledged.acknowledged(packetId, reason)));
        }
    }

    /** Publishes a will, which nobody acknowledges. */
    void publish(Will will) {
        route(will.principal(), will.messageNow(), 0);
    }

    private ReasonCode route(Principal principal, Message message, int packetId) {
        int receivedId = message.qos() == QoS.EXACTLY_ONCE ? packetId : 0;
        if (environment.extensions().admitsEverything()) {
            return forward(message, receivedId);
        }
        Admission admission = environment.extensions().admit(principal, message);
        if (admission.refusal().isPresent()) {
            session.home().counters().dropped(DropReason.NOT_AUTHORIZED);
            return admission.refusal().get(); // and the identifier stays free [MQTT-4.3.3-9]
        }
        if (admission.message().isPresent()) {
            return forward(admission.message().get(), receivedId);
        }
        session.home().counters().dropped(DropReason.INTERCEPTED);
        markReceived(receivedId);
        return ReasonCode.SUCCESS;
    }

    private ReasonCode forward(Message message, int receivedId) {
        session.home().counters().received();
        int receivers = session.home().publisher().publish(message, session, receivedId);
        markReceived(receivedId); // not before: what the store has failed to take comes again [MQTT-4.3.3-8]
        return receivers == 0 ? ReasonCode.NO_MATCHING_SUBSCRIBERS : ReasonCode.SUCCESS;
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
        session.store().released(packetId);
        return known;
    }

    /** Forgets which QoS 2 identifiers were received. */
    void forgetReceived() {
        receivedIds = new BitSet(0);
    }

    /** How many messages have come; from any thread. */
    long received() {
        return received.sum();
    }
}
