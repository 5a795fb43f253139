/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.resource.ResourceLedger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a bridge holds and has held. Each activation of its component is an instance: an edit closes one and opens the next.
 *
 * @param name of the bridge, from its configuration's file name
 * @param open what the instance that is open has acquired and released; empty when none is
 * @param closings how many instances have closed
 * @param closed what these acquired and released together; nothing of it should be live
 * @param latest the last 16 of them, the latest first
 */
public record BridgeResidue(
        String name, Optional<ResourceLedger> open, long closings, ResourceLedger closed, List<Closing> latest) {

    public BridgeResidue {
        latest = List.copyOf(latest);
    }

    /**
     * An instance that has closed.
     *
     * @param at when
     * @param ledger what it had acquired and released when its deactivation ended
     */
    public record Closing(Instant at, ResourceLedger ledger) {}
}
