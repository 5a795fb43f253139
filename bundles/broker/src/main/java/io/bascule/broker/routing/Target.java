/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import io.bascule.api.Subscription;
import io.bascule.broker.session.ClientSession;
import io.bascule.broker.session.SessionSubscription;
import io.bascule.mqtt.QoS;
import io.bascule.spi.MessageStore.Receiver;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One copy of a message for one session: its matching subscriptions taken together (MQTT 5.0, section 3.3.4).
 *
 * @param copy which of the session's copies it is, as the store tells them apart
 * @param minimumQos the QoS below which it is not delivered, the highest that one of them asks for
 * @param qos the highest that one of them asks for
 * @param retainAsPublished whether one of them wants the RETAIN flag as it was
 * @param noLocal whether one of them leaves out the session's own messages
 * @param identifiers of those that have one
 * @param subscriptions what it was made of, one or more, all of this session
 * @param receiver the same for the store
 */
record Target(
        ClientSession session,
        int copy,
        QoS minimumQos,
        QoS qos,
        boolean retainAsPublished,
        boolean noLocal,
        int[] identifiers,
        List<Subscription> subscriptions,
        Receiver receiver) {
    private static final int[] NONE = {};

    static Target of(SessionSubscription one) {
        return of(one.session(), 0, List.of(one.subscription()));
    }

    private static Target of(ClientSession session, int copy, List<Subscription> subscriptions) {
        QoS minimumQos = QoS.AT_MOST_ONCE;
        QoS qos = QoS.AT_MOST_ONCE;
        boolean retainAsPublished = false;
        boolean noLocal = false;
        for (Subscription each : subscriptions) {
            minimumQos = minimumQos.atLeast(each.local().minimumQos());
            qos = qos.atLeast(each.maximumQos());
            retainAsPublished |= each.retainAsPublished();
            noLocal |= each.noLocal();
        }
        int[] identifiers = identifiers(subscriptions);
        return new Target(
                session,
                copy,
                minimumQos,
                qos,
                retainAsPublished,
                noLocal,
                identifiers,
                subscriptions,
                new Receiver(session.store(), copy, minimumQos, qos, retainAsPublished, identifiers));
    }

    private static int[] identifiers(List<Subscription> subscriptions) {
        int count = 0;
        for (Subscription each : subscriptions) {
            count += each.identifier() == 0 ? 0 : 1;
        }
        if (count == 0) {
            return NONE;
        }
        int[] identifiers = new int[count];
        int at = 0;
        for (Subscription each : subscriptions) {
            if (each.identifier() != 0) {
                identifiers[at++] = each.identifier();
            }
        }
        return identifiers;
    }

    /** What a message is delivered with that was published with this QoS. */
    QoS delivered(QoS published) {
        return published.atMost(qos).atLeast(minimumQos);
    }

    /** The same as another copy. */
    Target asCopy(int number) {
        return number == copy ? this : of(session, number, subscriptions);
    }

    /** This target with one more subscription of its session. */
    Target and(SessionSubscription more) {
        return of(
                session,
                copy,
                Stream.concat(subscriptions.stream(), Stream.of(more.subscription()))
                        .toList());
    }

    /** What is left of it for the messages of this session, empty when nothing is [MQTT-3.8.3-3]. */
    Optional<Target> forMessagesOf(ClientSession publisher) {
        if (!noLocal || session != publisher) {
            return Optional.of(this);
        }
        List<Subscription> left =
                subscriptions.stream().filter(each -> !each.noLocal()).toList();
        return left.isEmpty() ? Optional.empty() : Optional.of(of(session, copy, left));
    }
}
