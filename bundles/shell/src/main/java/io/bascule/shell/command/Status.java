/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeStatus;
import io.bascule.api.BrokerInfo;
import io.bascule.api.ListenerStatus;
import io.bascule.shell.view.ByteCount;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** {@code mqtt:status}: the whole broker at a glance. */
public record Status() implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows the whole broker at a glance.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:status --json";

    @Override
    public View run(Services services) {
        BrokerInfo info = services.runningBroker().info();
        List<ListenerStatus> listeners = services.listenerStatuses();
        List<BridgeStatus> bridges = services.bridgeStatuses();
        long open = listeners.stream()
                .filter(listener -> listener.state() == ListenerStatus.State.OPEN)
                .count();
        long connected =
                bridges.stream().filter(bridge -> bridge.state().isConnected()).count();
        return new Details()
                .with("version", "Version", info.version())
                .with("startedAt", "Started", info.startedAt())
                .with("uptime", "Running for", Duration.between(info.startedAt(), Instant.now()))
                .with("listeners", "Listeners", listeners.size())
                .with("listenersOpen", "  open", open)
                .with("bridges", "Bridges", bridges.size())
                .with("bridgesConnected", "  connected", connected)
                .with("sessions", "Sessions", info.sessions())
                .with("sessionsConnected", "  connected", info.connected())
                .with("subscriptions", "Subscriptions", info.subscriptions())
                .with("treeNodes", "  tree nodes", info.treeNodes())
                .with("retained", "Retained messages", info.retained())
                .with("retainedBytes", "  memory", new ByteCount(info.retainedBytes()))
                .with("received", "Messages received", info.received())
                .with("delivered", "Messages delivered", info.delivered())
                .with("dropped", "Messages dropped", info.dropped())
                .with("storeBytes", "Store on disk", new ByteCount(info.storeBytes()))
                .with("storeFailure", "  failure", info.storeFailure());
    }
}
