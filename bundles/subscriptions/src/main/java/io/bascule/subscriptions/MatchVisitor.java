/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Receives what matches a topic.
 *
 * @param <V> what is kept with a subscription
 */
@ConsumerType
public interface MatchVisitor<V> {

    /** A subscription that is not shared; a subscriber with several matching filters appears once for each. */
    void subscription(V subscription);

    /** A group of Shared Subscriptions, of which one is to receive the message. The list is an immutable snapshot, never empty. */
    void shared(String shareName, List<V> members);
}
