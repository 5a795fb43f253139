/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.Subscription;
import io.bascule.broker.Limit;
import io.bascule.broker.extension.Principal;
import io.bascule.broker.extension.Verdict;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What a session is subscribed to. Changed on the session's event loop, read from any thread. */
final class SubscriptionSet {
    private final ClientSession session;
    private final SessionEnvironment environment;
    private final Map<TopicFilter, Subscription> byFilter = new ConcurrentHashMap<>(1);

    SubscriptionSet(ClientSession session, SessionEnvironment environment) {
        this.session = session;
        this.environment = environment;
    }

    int size() {
        return byFilter.size();
    }

    /** How many are shared. */
    int shared() {
        if (byFilter.isEmpty()) {
            return 0;
        }
        return (int) byFilter.keySet().stream().filter(TopicFilter::isShared).count();
    }

    List<Subscription> all() {
        return List.copyOf(byFilter.values());
    }

    /** That to this filter, null for none. */
    Subscription get(TopicFilter filter) {
        return byFilter.get(filter);
    }

    /** {@link ClientSession#subscribe}. */
    Optional<ClientSession.Subscribed> add(Principal principal, Subscription asked) {
        Optional<ReasonCode> against = tooLong(asked.filter());
        Verdict verdict = against.isPresent()
                ? Verdict.DENIED
                : environment.extensions().maySubscribe(principal, asked.filter(), asked.maximumQos());
        if (verdict == Verdict.UNDECIDED) {
            return Optional.empty();
        }
        ReasonCode answer = verdict == Verdict.ALLOWED ? answer(asked) : against.orElse(ReasonCode.NOT_AUTHORIZED);
        return Optional.of(
                answer.isFailure() ? new ClientSession.Subscribed(asked, answer, false) : make(asked, answer));
    }

    private ClientSession.Subscribed make(Subscription asked, ReasonCode answer) {
        Subscription granted = asked.withMaximumQos(QoS.ofLevel(answer.code()));
        TopicFilter filter = granted.filter();
        Subscription replaced = byFilter.put(filter, granted); // [MQTT-3.8.4-3]
        changed(replaced, granted);
        environment.tree().subscribe(filter, session, new SessionSubscription(session, granted));
        session.note(session.store().subscribed(granted));
        return new ClientSession.Subscribed(granted, answer, replaced == null);
    }

    private void changed(Subscription before, Subscription after) {
        if (isOfWhatWaits(before) || isOfWhatWaits(after)) {
            session.rulesHaveChanged();
        }
    }

    private static boolean isOfWhatWaits(Subscription subscription) {
        return subscription != null && subscription.local().isOfWhatWaits();
    }

    private Optional<ReasonCode> tooLong(TopicFilter filter) {
        SessionLimits limits = environment.sessionLimits();
        if (filter.levelCount() > limits.topicLevels()) {
            environment.hits().hit(Limit.TOPIC_LEVELS);
            return Optional.of(ReasonCode.TOPIC_FILTER_INVALID);
        }
        if (filter.text().getBytes(StandardCharsets.UTF_8).length > limits.topicLength()) {
            environment.hits().hit(Limit.TOPIC_LENGTH);
            return Optional.of(ReasonCode.TOPIC_FILTER_INVALID);
        }
        return Optional.empty();
    }

    private ReasonCode answer(Subscription asked) {
        SessionLimits limits = environment.sessionLimits();
        TopicFilter filter = asked.filter();
        if (byFilter.size() >= limits.subscriptions() && !byFilter.containsKey(filter)) {
            environment.hits().hit(Limit.SUBSCRIPTIONS_MAXIMUM);
            return ReasonCode.QUOTA_EXCEEDED;
        }
        return ReasonCode.granted(asked.maximumQos().atMost(limits.maximumQos()));
    }

    /** {@link ClientSession#unsubscribe}. */
    ReasonCode remove(TopicFilter filter) {
        Subscription removed = byFilter.remove(filter);
        if (removed == null) {
            return ReasonCode.NO_SUBSCRIPTION_EXISTED;
        }
        changed(removed, null);
        environment.tree().unsubscribe(filter, session);
        session.note(session.store().unsubscribed(filter));
        return ReasonCode.SUCCESS;
    }

    void removeAll() {
        List.copyOf(byFilter.keySet()).forEach(this::remove);
    }

    /** Has the store keep them, as it does the session from now on. */
    void keep() {
        byFilter.values().forEach(each -> session.note(session.store().subscribed(each)));
    }

    /** Takes those that the store has kept. */
    void restore(List<Subscription> kept) {
        for (Subscription each : kept) {
            byFilter.put(each.filter(), each);
            changed(null, each);
            environment.tree().subscribe(each.filter(), session, new SessionSubscription(session, each));
        }
    }

    /** Takes them out of the tree, while the store keeps them. */
    void detach() {
        byFilter.keySet().forEach(filter -> environment.tree().unsubscribe(filter, session));
    }
}
