/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.api.BrokerInfo;
import io.bascule.api.LimitInfo;
import io.bascule.api.QueueInfo;
import io.bascule.api.Receiver;
import io.bascule.api.SessionInfo;
import io.bascule.api.Subscription;
import io.bascule.api.SubscriptionInfo;
import io.bascule.broker.retained.RetainedMessages;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.ClientSession;
import io.bascule.broker.session.SessionRegistry;
import io.bascule.broker.session.SessionSubscription;
import io.bascule.broker.sys.SysFigures;
import io.bascule.config.Sizes;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.MessageStore;
import io.bascule.subscriptions.MatchVisitor;
import io.bascule.subscriptions.SubscriptionTree;
import io.bascule.transport.TransportInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the broker stands, for people and programs: snapshots, taken from any thread without stopping anything. */
final class Inspection {
    private final String version;
    private final Instant startedAt = Instant.now();
    private final SessionRegistry registry;
    private final SubscriptionTree<ClientSession, SessionSubscription> tree;
    private final RetainedMessages retained;
    private final MessageStore store;
    private final List<BrokerLoop> loops;
    private int maximumConnected; // of those moments at which somebody looked, on one event loop

    Inspection(
            String version,
            SessionRegistry registry,
            SubscriptionTree<ClientSession, SessionSubscription> tree,
            RetainedMessages retained,
            MessageStore store,
            List<BrokerLoop> loops) {
        this.version = version;
        this.registry = registry;
        this.tree = tree;
        this.retained = retained;
        this.store = store;
        this.loops = loops;
    }

    List<SubscriptionInfo> subscriptions() {
        return registry.all().stream()
                .flatMap(session -> session.subscriptions().stream()
                        .map(subscription -> new SubscriptionInfo(session.clientId(), subscription)))
                .sorted(Comparator.comparing((SubscriptionInfo info) ->
                                info.subscription().filter().text())
                        .thenComparing(SubscriptionInfo::clientId))
                .toList();
    }

    List<Receiver> receivers(Topic topic) {
        List<Receiver> receivers = new ArrayList<>();
        Map<ClientSession, List<Subscription>> own = new LinkedHashMap<>();
        tree.match(topic, new MatchVisitor<>() {
            @Override
            public void subscription(SessionSubscription match) {
                own.computeIfAbsent(match.session(), session -> new ArrayList<>())
                        .add(match.subscription());
            }

            @Override
            public void shared(String shareName, List<SessionSubscription> members) {
                members.forEach(member -> receivers.add(
                        receiver(member.session(), Optional.of(shareName), List.of(member.subscription()))));
            }
        });
        own.forEach((session, matching) -> receivers.add(receiver(session, Optional.empty(), matching)));
        receivers.sort(Comparator.comparing(Receiver::clientId));
        return receivers;
    }

    private static Receiver receiver(ClientSession session, Optional<String> shareName, List<Subscription> matching) {
        QoS highest = matching.stream()
                .map(Subscription::maximumQos)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return new Receiver(session.clientId(), session.isConnected(), shareName, highest, matching);
    }

    List<Message> retained(TopicFilter filter, int atMost, long nowNanos) {
        List<Message> found = new ArrayList<>();
        retained.match(filter, nowNanos, found::add);
        return found.stream()
                .sorted(Comparator.comparing(message -> message.topic().name()))
                .limit(atMost)
                .toList();
    }

    List<LimitInfo> limits(BrokerConfig config, LimitHits hits, long storeBytes) {
        List<LimitInfo> limits = new ArrayList<>();
        config.limits()
                .forEach((limit, value) -> limits.add(new LimitInfo(limit.key(), "broker", value, hits.of(limit))));
        if (storeBytes != Long.MAX_VALUE) {
            long full = info().dropped().get(DropReason.STORE_FULL.label());
            limits.add(new LimitInfo("limit.bytes", "store", Sizes.format(storeBytes), full));
        }
        return limits;
    }

    List<SessionInfo> sessions() {
        return registry.infos();
    }

    Optional<SessionInfo> session(String clientId) {
        return registry.find(clientId).map(ClientSession::info);
    }

    SysFigures sysFigures(TransportInfo transport) {
        BrokerInfo broker = info();
        maximumConnected = Math.max(maximumConnected, broker.connected());
        long queued = 0;
        long queuedBytes = 0;
        int shared = 0;
        for (ClientSession session : registry.all()) {
            QueueInfo queue = session.queueInfo();
            queued += queue.queued() + queue.inFlight();
            queuedBytes += queue.queuedBytes();
            shared += session.sharedSubscriptions();
        }
        return new SysFigures(
                broker,
                transport,
                maximumConnected,
                loops.stream()
                        .mapToLong(loop -> loop.counters().acceptedCount())
                        .sum(),
                loops.stream().mapToLong(loop -> loop.counters().expiredCount()).sum(),
                shared,
                queued,
                queuedBytes);
    }

    BrokerInfo info() {
        long received = 0;
        long delivered = 0;
        Map<String, Long> dropped = Counters.noDrops();
        for (BrokerLoop loop : loops) {
            received += loop.counters().receivedCount();
            delivered += loop.counters().deliveredCount();
            loop.counters().addDroppedTo(dropped);
        }
        return new BrokerInfo(
                version,
                startedAt,
                registry.connected(),
                registry.size(),
                tree.size(),
                tree.nodes(),
                retained.size() - retained.reservedSize(),
                retained.bytes() - retained.reservedBytes(),
                received,
                delivered,
                dropped,
                store.bytesOnDisk(),
                store.failure());
    }
}
