/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.routing;

import io.bascule.broker.DropReason;
import io.bascule.broker.retained.RetainedMessages;
import io.bascule.broker.session.BrokerLoop;
import io.bascule.broker.session.ClientSession;
import io.bascule.broker.session.Publisher;
import io.bascule.broker.session.QueueGate;
import io.bascule.broker.session.Routed;
import io.bascule.broker.session.SessionSubscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.spi.MessageStore;
import io.bascule.spi.SessionStore;
import io.bascule.spi.StoredMessage;
import io.bascule.subscriptions.SubscriptionTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Routes what is published on one event loop: matches, stores, delivers. Nothing is locked: the tree may be read by all at once, and a
 * session of another loop gets its message through its inbox.
 *
 * <p>What matched a topic is kept until the tree changes, in a direct-mapped table of {@value #SLOTS} topics: a publisher that stays with
 * its topics costs one look-up a message.
 */
public final class Router implements Publisher {
    private static final int SLOTS = 1024;

    private final SubscriptionTree<ClientSession, SessionSubscription> tree;
    private final RetainedMessages retained;
    private final MessageStore store;
    private final Matches[] cache = new Matches[SLOTS];
    private final Matches.Collector collector = new Matches.Collector();
    private BrokerLoop loop;

    /** A router that does not know its loop yet. */
    public Router(
            SubscriptionTree<ClientSession, SessionSubscription> tree, RetainedMessages retained, MessageStore store) {
        this.tree = tree;
        this.retained = retained;
        this.store = store;
    }

    /** Says which loop it belongs to; once, before the first message. */
    public void belongTo(BrokerLoop its) {
        loop = its;
    }

    @Override
    public Routed publish(Message message, ClientSession from, int receivedId, boolean patient) {
        if (message.retain()) {
            retain(message);
        }
        Matches matches = match(message.topic());
        if (matches.variable) {
            return deliverToChosen(matches, message, from, receivedId, patient);
        }
        boolean acknowledged = message.qos() != QoS.AT_MOST_ONCE;
        StoredMessage stored =
                acknowledged && !matches.stores.isEmpty() ? append(message, matches.stores, from, receivedId) : null;
        Routed routed = Routed.to(matches.targets.length);
        for (Target target : matches.targets) {
            QueueGate full = deliver(target, message, stored, patient);
            routed = full == null ? routed : routed.andFull(full);
        }
        return routed;
    }

    @Override
    public boolean isBlocked(Topic topic) {
        Matches matches = match(topic);
        return Stream.concat(
                        Arrays.stream(matches.targets),
                        Arrays.stream(matches.groups).flatMap(Group::members))
                .anyMatch(target -> target.session().isBlocked());
    }

    private Matches match(Topic topic) {
        long version = tree.version();
        int hash = topic.hashCode();
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        Matches known = cache[slot];
        if (known != null && known.treeVersion == version && known.topic.equals(topic)) {
            return known;
        }
        tree.match(topic, collector);
        return cache[slot] = collector.finish(topic, version);
    }

    private Routed deliverToChosen(
            Matches matches, Message message, ClientSession from, int receivedId, boolean patient) {
        List<Target> all = new ArrayList<>();
        for (Target target : matches.targets) {
            target.forMessagesOf(from).ifPresent(all::add);
        }
        for (Group group : matches.groups) {
            all.add(group.choose());
        }
        StoredMessage stored = null;
        if (message.qos() != QoS.AT_MOST_ONCE) {
            List<SessionStore> stores = all.stream()
                    .filter(target -> target.qos() != QoS.AT_MOST_ONCE)
                    .map(target -> target.session().store())
                    .toList();
            stored = stores.isEmpty() ? null : append(message, stores, from, receivedId);
        }
        Routed routed = Routed.to(all.size());
        for (Target target : all) {
            QueueGate full = deliver(target, message, stored, patient);
            routed = full == null ? routed : routed.andFull(full);
        }
        return routed;
    }

    private StoredMessage append(Message message, List<SessionStore> stores, ClientSession from, int receivedId) {
        Optional<MessageStore.Receipt> receipt =
                receivedId == 0 ? Optional.empty() : Optional.of(new MessageStore.Receipt(from.store(), receivedId));
        return store.append(message, stores, receipt);
    }

    private QueueGate deliver(Target target, Message message, StoredMessage stored, boolean patient) {
        QoS qos = message.qos().atMost(target.qos());
        boolean retain = message.retain() && target.retainAsPublished(); // [MQTT-3.3.1-12, MQTT-3.3.1-13]
        return target.session()
                .deliver(
                        message,
                        qos == QoS.AT_MOST_ONCE ? null : stored,
                        qos,
                        retain,
                        target.identifiers(),
                        patient,
                        loop);
    }

    private void retain(Message message) {
        if (retained.put(message)) {
            if (!message.topic().isReserved()) { // what the broker says of itself it says anew after a restart
                store.retain(message);
            }
        } else {
            loop.counters().dropped(DropReason.RETAINED_FULL);
        }
    }
}
