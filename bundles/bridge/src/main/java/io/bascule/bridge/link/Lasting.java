/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.retained.Remembered;
import io.bascule.bridge.route.RouteTable;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import io.bascule.transport.Transport;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What of a link outlives its connections, which share it one after the other. */
record Lasting(
        BridgeDefinition definition,
        Transport transport,
        WayOut wayOut,
        CredentialSource credentials,
        Interception interception,
        Optional<Budget> budget,
        EventLoop eventLoop,
        ResourceScope scope,
        LongSupplier nanoTime,
        Standing standing,
        Pauses pauses,
        Traces traces,
        LocalSide local,
        RemoteBrokers remotes,
        Demand demand,
        RouteTable forward,
        RouteTable subscribe,
        InFlight inFlight,
        RepeatedLoss repeatedLoss,
        DeadLetters deadLetters,
        Optional<Remembered> remembered,
        Loops loops) {

    String name() {
        return definition.name();
    }

    /** How many messages have crossed, in either direction. */
    long forwarded() {
        return forward.forwarded() + subscribe.forwarded();
    }
}
