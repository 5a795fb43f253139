/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Filters in, matching subscriptions out. An OSGi service of prototype scope: every consumer gets a tree of its own.
 *
 * <p>A subscription is known by its filter (with the share name) and its subscriber; adding it again replaces the value. Subscribers are
 * told apart by {@code equals}. Neither subscribers nor values may be null.
 *
 * <p>{@link #match} takes no lock and may run on any number of threads while others change the tree; it sees each subscription that was
 * there when it started and was not removed meanwhile, and none twice. Changes are made by one thread at a time; the tree sees to that
 * itself.
 *
 * <p>The cost of a match does not depend on how many filters there are besides those that match, with one reservation: filters that start
 * alike with {@code +} and with a name at every level ({@code a/b}, {@code a/+}, {@code +/b}, {@code +/+}) all have to be followed, up to
 * {@code 2^levels} ways for a topic. There cannot be more ways than nodes: who wants to make matching dear has to subscribe to as many
 * filters.
 *
 * @param <K> who subscribes
 * @param <V> what is kept with the subscription (QoS, options)
 */
@ProviderType
public interface SubscriptionTree<K, V> {

    /**
     * Adds a subscription or replaces its value.
     *
     * @return the value that was replaced
     */
    Optional<V> subscribe(TopicFilter filter, K subscriber, V subscription);

    /**
     * Removes a subscription; nodes that become empty by it are gone when this returns.
     *
     * @return the value that was removed, empty when there was none
     */
    Optional<V> unsubscribe(TopicFilter filter, K subscriber);

    /**
     * Hands every matching subscription to the visitor, on this thread and in no particular order. {@code $}-topics match no filter that
     * starts with a wildcard [MQTT-4.7.2-1]. The visitor may change the tree; whether this match shows the change is open.
     */
    void match(Topic topic, MatchVisitor<V> visitor);

    /**
     * Shows the observer every subscription to a filter that overlaps this one, and from then on each that is added or removed: none is left
     * out or shown twice, and one whose value is replaced is not shown again. What is there already costs as much as it takes to walk to what
     * overlaps; a tree without observers costs nothing.
     *
     * @param range for a shared filter the one behind the name
     */
    void observe(TopicFilter range, SubscriptionObserver<V> observer);

    /** Ends that, for all the ranges of this observer: no call begins after this has returned. */
    void unobserve(SubscriptionObserver<V> observer);

    /**
     * Changes with every subscribe and unsubscribe that did something, before they return. The result of a match may be kept as long as
     * this stays what it was <em>before</em> the match.
     */
    long version();

    /** The number of subscriptions. */
    int size();

    /**
     * The number of nodes besides the root: one for each filter that is subscribed to, shared or not, and one for each place where filters
     * part after common levels; so 0 when there is no subscription, and less than twice the filters always.
     */
    int nodes();
}
