/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.BridgeStatus;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a link stands. The local session is open in {@link #NEW}, for a moment, to subscribe it; in {@link #ATTACHING}, from the moment it is
 * attached, and in {@link #CONNECTED}.
 *
 * <pre>
 *         subscribed        CONNACK            both sessions subscribed
 *   NEW ─────────→ CONNECTING ─────→ ATTACHING ─────→ CONNECTED
 *                    ↑    │              │                │
 *            delay   │    │ connection   │ either         │ either
 *            passed  │    │ fails        │ session lost   │ session lost
 *                    │    ↓              ↓                ↓
 *                    └──────────────  BACKOFF  ───────────┘
 *
 *   any of them ──stop──→ STOPPED
 * </pre>
 */
enum LinkState {
    NEW(BridgeStatus.State.CONNECTING),
    CONNECTING(BridgeStatus.State.CONNECTING),
    ATTACHING(BridgeStatus.State.CONNECTING),
    CONNECTED(BridgeStatus.State.CONNECTED),
    BACKOFF(BridgeStatus.State.BACKOFF),
    STOPPED(BridgeStatus.State.STOPPED);

    private final BridgeStatus.State shown;

    LinkState(BridgeStatus.State shown) {
        this.shown = shown;
    }

    /** The word that others see. */
    BridgeStatus.State shown() {
        return shown;
    }

    /** The next state, which must be reachable in one step. */
    LinkState to(LinkState next) {
        if (!successors().contains(next)) {
            throw new IllegalStateException("a link does not go from " + this + " to " + next);
        }
        return next;
    }

    private Set<LinkState> successors() {
        return switch (this) {
            case NEW, BACKOFF -> EnumSet.of(CONNECTING, STOPPED);
            case CONNECTING -> EnumSet.of(ATTACHING, BACKOFF, STOPPED);
            case ATTACHING -> EnumSet.of(CONNECTED, BACKOFF, STOPPED);
            case CONNECTED -> EnumSet.of(BACKOFF, STOPPED);
            case STOPPED -> EnumSet.noneOf(LinkState.class);
        };
    }
}
