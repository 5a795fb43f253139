/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.codec;

import io.bascule.api.LocalOptions;
import io.bascule.api.LocalOptions.Priority;
import io.bascule.api.Subscription;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;

/**
 * What a {@link RecordType#SUBSCRIBED} says.
 *
 * @param number 0 where this is its first record, whose sequence it is
 * @param session its number
 */
public record SubscriptionRecord(long number, long session, Subscription subscription) {
    private static final int QOS = 3;
    private static final int NO_LOCAL = 4;
    private static final int RETAIN_AS_PUBLISHED = 8;
    private static final int KEEPS_LATEST = 4;
    private static final int PRIORITY_SHIFT = 3;
    private static final Priority[] PRIORITIES = {Priority.NORMAL, Priority.HIGH, Priority.LOW};

    /** An octet more follows, at the end, of what only a bundle can ask for. */
    private static final int LOCAL = 16;

    private static final RetainHandling[] RETAIN_HANDLINGS = {
        RetainHandling.SEND, RetainHandling.SEND_IF_NEW, RetainHandling.DO_NOT_SEND
    };

    private static final int EXPECTED_BYTES = 64;

    public Encoder encode() {
        LocalOptions local = subscription.local();
        boolean isLocal = !local.equals(LocalOptions.NONE);
        Encoder to = RecordType.SUBSCRIBED
                .encoder(EXPECTED_BYTES)
                .number(number)
                .number(session)
                .text(subscription.filter().text())
                .octet(subscription.maximumQos().level()
                        | (subscription.noLocal() ? NO_LOCAL : 0)
                        | (subscription.retainAsPublished() ? RETAIN_AS_PUBLISHED : 0)
                        | (isLocal ? LOCAL : 0))
                .octet(code(subscription.retainHandling()))
                .number(subscription.identifier());
        return isLocal
                ? to.octet(local.minimumQos().level()
                        | (local.keepsLatest() ? KEEPS_LATEST : 0)
                        | code(local.priority()) << PRIORITY_SHIFT)
                : to;
    }

    private static int code(Priority priority) {
        return switch (priority) {
            case NORMAL -> 0;
            case HIGH -> 1;
            case LOW -> 2;
        };
    }

    private static int code(RetainHandling retainHandling) {
        return switch (retainHandling) {
            case SEND -> 0;
            case SEND_IF_NEW -> 1;
            case DO_NOT_SEND -> 2;
        };
    }

    public static SubscriptionRecord decode(Decoder from) {
        long number = from.number();
        long session = from.number();
        TopicFilter filter = TopicFilter.of(from.text());
        int flags = from.octet();
        RetainHandling retainHandling = from.oneOf(RETAIN_HANDLINGS);
        int identifier = from.integer();
        LocalOptions local = (flags & LOCAL) == 0 ? LocalOptions.NONE : local(from.octet());
        from.end();
        Subscription subscription = new Subscription(
                filter,
                QoS.ofLevel(flags & QOS),
                (flags & NO_LOCAL) != 0,
                (flags & RETAIN_AS_PUBLISHED) != 0,
                retainHandling,
                identifier,
                local);
        return new SubscriptionRecord(number, session, subscription);
    }

    private static LocalOptions local(int options) {
        int priority = options >> PRIORITY_SHIFT;
        if (priority >= PRIORITIES.length) {
            throw new FormatException("it has no priority " + priority);
        }
        return new LocalOptions(QoS.ofLevel(options & QOS), (options & KEEPS_LATEST) != 0, PRIORITIES[priority]);
    }
}
