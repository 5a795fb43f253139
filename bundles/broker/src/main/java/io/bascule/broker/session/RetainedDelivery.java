/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.Subscription;
import io.bascule.broker.retained.RetainedMatches;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Sends what is retained where a session has subscribed, in turns with everything else on its event loop: a hundred thousand messages at
 * once would be a stall for everybody. What is published meanwhile goes before, and what that has replaced is not sent any more.
 *
 * <p>Where the session is in the store, all of it is accepted as soon as its turn comes, since the client is to have it after a crash too, and waits in
 * the session's queue. Otherwise a few may wait there, and of the rest no more is taken than the peer takes: none is dropped because the queue is short.
 */
final class RetainedDelivery {
    private static final int LEVELS_A_TURN = 256;

    private final ClientSession session;
    private final OutgoingFlow outgoing;
    private final SessionEnvironment environment;
    private final Deque<Due> due = new ArrayDeque<>(1);
    private boolean scheduled;
    private boolean sending; // a peer that answers at once gets here again from within

    RetainedDelivery(ClientSession session, OutgoingFlow outgoing, SessionEnvironment environment) {
        this.session = session;
        this.outgoing = outgoing;
        this.environment = environment;
    }

    /** For one subscription; an earlier one to the same filter is not served any more. */
    void begin(Subscription subscription) {
        cancel(subscription.filter());
        due.add(new Due(subscription, environment.retained().matches(subscription.filter())));
        if (!sending && !scheduled && send(LEVELS_A_TURN, true)) {
            goOnLater();
        }
    }

    /** Nothing more for this filter. */
    void cancel(TopicFilter filter) {
        due.removeIf(each -> each.subscription.filter().equals(filter));
    }

    /** Nothing more at all. */
    void clear() {
        due.clear();
    }

    /** Sends the next, as far as they may be sent now. */
    void goOn() {
        if (!sending && !scheduled && send(LEVELS_A_TURN, false)) {
            goOnLater();
        }
    }

    private void goOnLater() {
        scheduled = true;
        session.onEventLoopLater(() -> {
            scheduled = false;
            goOn();
        });
    }

    /** Puts the rest where the store has it, since there will be no other turn. */
    void finish() {
        if (session.store().isKept()) {
            send(Integer.MAX_VALUE, false);
        }
    }

    /** Whether there is more to be sent now, after so many levels. */
    private boolean send(int levels, boolean mayWait) {
        long now = environment.nanoTime();
        sending = true;
        try {
            for (int i = 0; i < levels && isToGoOn(mayWait); i++) {
                Due next = due.peek();
                if (!next.matches.visitNext(now, next)) {
                    due.remove(next);
                }
            }
        } finally {
            sending = false;
        }
        return isToGoOn(false);
    }

    private boolean isToGoOn(boolean mayWait) {
        return !due.isEmpty()
                && (session.store().isKept() || outgoing.takesMore() || mayWait && outgoing.isQueueShort());
    }

    private final class Due implements Consumer<Message> {
        private final Subscription subscription;
        private final RetainedMatches matches;
        private final int[] identifiers;

        Due(Subscription subscription, RetainedMatches matches) {
            this.subscription = subscription;
            this.matches = matches;
            this.identifiers = ClientSession.identifiers(subscription);
        }

        @Override
        public void accept(Message message) {
            QoS qos = message.qos().atMost(subscription.maximumQos());
            if (session.isRoomFor(message, qos)) {
                outgoing.accept(message, null, qos, true, identifiers); // it is stored when it comes to that
            } else {
                session.dropForWantOfRoom(session.home());
            }
        }
    }
}
