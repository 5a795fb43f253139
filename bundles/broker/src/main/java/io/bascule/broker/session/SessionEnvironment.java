/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.broker.LimitHits;
import io.bascule.broker.extension.Extensions;
import io.bascule.broker.extension.Waiting;
import io.bascule.broker.retained.RetainedMessages;
import io.bascule.spi.MessageStore;
import io.bascule.subscriptions.SubscriptionTree;

/** What every session of a broker works with. */
public interface SessionEnvironment {

    /** The subscription tree. */
    SubscriptionTree<ClientSession, SessionSubscription> tree();

    /** The retained messages. */
    RetainedMessages retained();

    /** The store. */
    MessageStore store();

    /** What the store may still take. */
    StoreRoom room();

    /** What queues may still take of the heap. */
    QueueMemory queueMemory();

    /** What a session may hold. */
    SessionLimits sessionLimits();

    /** What other bundles have a say in. */
    Extensions extensions();

    /** Who waits for one of those that is missing. */
    Waiting waiting();

    /** Where it is counted who was held to a limit. */
    LimitHits hits();

    /** The clock of {@link System#nanoTime()}, by which messages expire. */
    long nanoTime();

    /** A session has ended. */
    void ended(ClientSession session);
}
