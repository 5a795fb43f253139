/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is shown what comes and goes in a tree. It is called within the change, one call at a time, while no other change can be made: it has to
 * be quick, and must not change the tree.
 *
 * @param <V> what is kept with a subscription
 */
@ConsumerType
public interface SubscriptionObserver<V> {

    /** There is a subscription where there was none. */
    void added(V subscription);

    /** A subscription that was added is gone. */
    void removed(V subscription);
}
