/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.LocalOptions;
import io.bascule.api.Subscription;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.bridge.route.Queueing.Offline;
import io.bascule.config.TopicTemplate;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One rule of a bridge: which messages cross, and how they are called on the other side.
 *
 * @param direction which way it leads
 * @param name what stands behind the dot of its key
 * @param rule filters, template and options as configured
 * @param filters what it takes, at least one; no two of them match the same topic
 * @param template the topic on the other side
 * @param minimumQos messages of a lower QoS cross with this one
 * @param maximumQos messages of a higher QoS cross with this one
 * @param maximumPayload of how many bytes the payload of a message may be that crosses
 * @param retain what becomes of RETAIN
 * @param retainHandling when the broker that it comes from sends what it has retained
 * @param excluded what it does not take although a filter matches
 * @param onDemand whether the remote broker is asked only for what somebody here is subscribed to
 * @param edits what becomes of the properties
 * @param queueing how messages wait
 */
public record Route(
        Direction direction,
        String name,
        String rule,
        List<TopicFilter> filters,
        TopicTemplate template,
        QoS minimumQos,
        QoS maximumQos,
        int maximumPayload,
        Retain retain,
        RetainHandling retainHandling,
        List<TopicFilter> excluded,
        boolean onDemand,
        Edits edits,
        Queueing queueing) {

    public Route {
        filters = List.copyOf(filters);
        excluded = List.copyOf(excluded);
    }

    /**
     * The Subscription Identifier by which a message finds this route. It depends on the name alone, so that a message that waits in a
     * session while the file is edited finds its route again; two names with the same one are refused.
     */
    public int identifier() {
        return identifier(name);
    }

    static int identifier(String name) {
        long hash = 0xcbf29ce484222325L; // FNV-1a: String.hashCode collides on names as close as Aa and BB
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return (int) Long.remainderUnsigned(hash ^ hash >>> 32, Subscription.MAX_IDENTIFIER) + 1;
    }

    /** The same with other filters. */
    public Route withFilters(Collection<TopicFilter> other) {
        return new Route(
                direction,
                name,
                rule,
                List.copyOf(other),
                template,
                minimumQos,
                maximumQos,
                maximumPayload,
                retain,
                retainHandling,
                excluded,
                onDemand,
                edits,
                queueing);
    }

    /** Whether it would take this topic but for an exception. */
    public boolean excludes(Topic topic) {
        return excluded.stream().anyMatch(filter -> filter.matches(topic))
                && filters.stream().anyMatch(filter -> filter.matches(topic));
    }

    /** The topic on the other side; empty when no filter matches, when it is excluded, or when the template refuses. */
    public Optional<Topic> map(Topic topic) {
        if (!excluded.isEmpty() && excludes(topic)) {
            return Optional.empty();
        }
        for (TopicFilter filter : filters) {
            if (filter.matches(topic)) {
                return template.apply(filter, topic);
            }
        }
        return Optional.empty();
    }

    /** What a message crosses with that was published with this QoS. */
    public QoS crossing(QoS published) {
        return published.atMost(maximumQos).atLeast(minimumQos);
    }

    /**
     * What it subscribes with: No Local against the shortest loop, where MQTT lets it stand [MQTT-3.8.3-4], Retain As Published so that RETAIN can
     * cross. A message that is to cross with more than it was published with has to be delivered so by the session here; the remote broker
     * cannot be asked for that.
     */
    public List<Subscription> subscriptions(boolean withIdentifier) {
        return filters.stream()
                .map(filter -> new Subscription(
                        filter,
                        isQueued() ? maximumQos.atLeast(QoS.AT_LEAST_ONCE) : maximumQos,
                        !filter.isShared(),
                        true,
                        retainHandling,
                        withIdentifier ? identifier() : 0,
                        local()))
                .toList();
    }

    private LocalOptions local() {
        return direction == Direction.FORWARD
                ? new LocalOptions(
                        isQueued() ? minimumQos.atLeast(QoS.AT_LEAST_ONCE) : minimumQos,
                        queueing.offline() == Offline.LATEST,
                        queueing.priority())
                : LocalOptions.NONE;
    }

    private boolean isQueued() {
        return queueing.offline() == Offline.QUEUE;
    }

    /**
     * What a message that the session here delivers with this QoS is sent with. What waits with QoS 1 so that it is not lost crosses with what the
     * route says of it; what was sent with QoS 2 before, when the route was another one, does so again.
     */
    public QoS sent(QoS delivered, QoS published) {
        return isQueued() && delivered == QoS.AT_LEAST_ONCE
                ? crossing(published).atMost(delivered)
                : delivered;
    }

    /** The key it is configured under. */
    public String key() {
        return key(direction, name);
    }

    /** The key of the route of this name. */
    public static String key(Direction direction, String route) {
        return direction + "." + route;
    }
}
