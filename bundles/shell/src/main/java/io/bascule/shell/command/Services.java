/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Bridge;
import io.bascule.api.BridgeConfigurations;
import io.bascule.api.BridgeHistory;
import io.bascule.api.BridgeResidue;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.api.DeletedBridge;
import io.bascule.api.DeletedBridges;
import io.bascule.api.LimitInfo;
import io.bascule.api.Listener;
import io.bascule.api.ListenerStatus;
import io.bascule.api.Store;
import io.bascule.api.StoreStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is there when a command runs.
 *
 * @param broker empty when it is not running
 * @param listeners those that are configured
 * @param bridges those that are configured
 * @param history of the bridges; empty when their bundle is not started
 * @param deleted where bridges are that were; empty when no bridge can be
 * @param configurations of the bridges; empty when no bridge can be
 * @param store the one on disk; empty when the broker keeps everything in memory
 * @param security what says who clients are and what they may do
 */
public record Services(
        Optional<Broker> broker,
        List<Listener> listeners,
        List<Bridge> bridges,
        Optional<BridgeHistory> history,
        Optional<DeletedBridges> deleted,
        Optional<BridgeConfigurations> configurations,
        Optional<Store> store,
        SecurityServices security) {

    public Services {
        listeners = List.copyOf(listeners);
        bridges = List.copyOf(bridges);
    }

    /** @throws CommandFailure when it is not running */
    Broker runningBroker() {
        return broker.orElseThrow(() -> new CommandFailure(store.map(Store::status)
                .flatMap(StoreStatus::whyNotOpen)
                .map(reason -> "The broker is not running, since its store is not open: " + reason + ".")
                .orElse("The broker is not running; the log says why its component does not start.")));
    }

    /** @throws CommandFailure when there is none on disk */
    Store storeOnDisk() {
        return store.orElseThrow(() ->
                new CommandFailure("The broker keeps everything in memory: no bundle with a store on disk is active."));
    }

    List<ListenerStatus> listenerStatuses() {
        return listeners.stream().map(Listener::status).toList();
    }

    /** Those of the broker and of every listener. */
    List<LimitInfo> limits() {
        Stream<LimitInfo> ofListeners = listeners.stream().flatMap(listener -> listener.limits().stream());
        return Stream.concat(runningBroker().limits().stream(), ofListeners).toList();
    }

    List<DeletedBridge> deletedBridges() {
        return deleted.map(DeletedBridges::list).orElse(List.of());
    }

    List<BridgeStatus> bridgeStatuses() {
        return bridges.stream().map(Bridge::status).toList();
    }

    List<BridgeResidue> residue() {
        return history.map(BridgeHistory::residue).orElse(List.of());
    }
}
