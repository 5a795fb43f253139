/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeHistory;
import io.bascule.api.BridgeResidue;
import io.bascule.api.BridgeStatus;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.OldRevisions;
import io.bascule.itests.support.Residue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/** What the tests of residue have in common: the detectors, and a bridge {@code b} that is edited again and again. */
public abstract class ResidueContract extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);

    private int edits;

    /** Everything is as it was before. */
    final void assertClean(Residue before) {
        eventually(() -> assertThat(Residue.now(context, broker, transport).since(before))
                .isEmpty());
    }

    /** The same, and no earlier wiring of the bundle has a class loader any more. */
    final void assertClean(Residue before, OldRevisions revisions) {
        eventually(() -> assertThat(residue(before, revisions)).isEmpty());
    }

    /** What the detectors find. */
    final List<String> residue(Residue before, OldRevisions revisions) {
        List<String> residue =
                new ArrayList<>(Residue.now(context, broker, transport).since(before));
        long alive = revisions.alive();
        if (alive > 0) {
            residue.add("class loaders: " + alive + " of earlier wirings alive");
        }
        return residue;
    }

    /** Reconfigures the bridge and waits until it is connected with what it now says. */
    final void edit(Map<String, String> properties) throws IOException {
        String rule = editWithoutWaiting(properties);
        eventually(() -> assertThat(bridge("b"))
                .hasValueSatisfying(status -> assertThat(status)
                        .matches(
                                it -> it.state() == BridgeStatus.State.CONNECTED && isOn(rule, it),
                                "connected, on its " + edits + "th configuration")));
    }

    /** Reconfigures the bridge, with one route more; returns its rule. */
    final String editWithoutWaiting(Map<String, String> properties) throws IOException {
        String rule = "edit/" + edits++ + "/#";
        properties.put("forward.edit", rule);
        configureBridge("b", properties);
        return rule;
    }

    final boolean isOn(String rule, BridgeStatus status) {
        return status.routes().stream().anyMatch(route -> route.rule().equals(rule));
    }

    /** Waits until all that was sent has arrived and been acknowledged. */
    final void settle(List<Flow> flows) {
        flows.forEach(flow -> flow.awaitComplete(TO_ARRIVE));
        awaitEmptyQueue();
    }

    final void awaitEmptyQueue() {
        eventually(() -> assertThat(bridge("b").map(BridgeStatus::queue))
                .hasValueSatisfying(
                        queue -> assertThat(queue.queued() + queue.inFlight()).isZero()));
    }

    /** What the bridge bundle says of a bridge. */
    final BridgeResidue history(String name) {
        ServiceReference<BridgeHistory> reference = context.getServiceReference(BridgeHistory.class);
        try {
            return context.getService(reference).residue().stream()
                    .filter(bridge -> bridge.name().equals(name))
                    .findAny()
                    .orElseThrow();
        } finally {
            context.ungetService(reference);
        }
    }

    final Bundle bundle(String symbolicName) {
        return Stream.of(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findAny()
                .orElseThrow();
    }
}
