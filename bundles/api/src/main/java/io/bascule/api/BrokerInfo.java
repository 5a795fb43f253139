/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Figures of the whole broker at one moment. Counters run from the start of the broker and never go back.
 *
 * @param version of the broker bundle
 * @param startedAt when it began to serve
 * @param connected sessions with a client attached
 * @param sessions all sessions
 * @param subscriptions all subscriptions
 * @param treeNodes nodes of the subscription tree
 * @param retained retained messages, without those that the broker tells of itself under {@code $SYS}
 * @param retainedBytes a bound on the memory they hold
 * @param received messages published to the broker
 * @param delivered messages sent to subscribers
 * @param dropped messages that were not delivered, by reason
 * @param storeBytes what its store takes on the disk; 0 where that keeps everything in memory
 * @param storeFailure why its store makes nothing safe, and so nothing is acknowledged, at present; empty where that is not so
 */
public record BrokerInfo(
        String version,
        Instant startedAt,
        int connected,
        int sessions,
        int subscriptions,
        int treeNodes,
        int retained,
        long retainedBytes,
        long received,
        long delivered,
        Map<String, Long> dropped,
        long storeBytes,
        Optional<String> storeFailure) {}
