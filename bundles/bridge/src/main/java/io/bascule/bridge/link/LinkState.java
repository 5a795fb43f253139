/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.BridgeStatus;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a link stands. The local session is open in {@link #NEW}, for a moment, to subscribe it; in {@link #ATTACHING}, from the moment it is
 * attached, and in {@link #CONNECTED}. {@link #IDLE} is for lazy bridges.
 *
 * <pre>
 *              subscribed        CONNACK            both sessions subscribed
 *   ┌──→ NEW ─────────→ CONNECTING ─────→ ATTACHING ─────→ CONNECTED
 *   │    │ ↑              ↑    │              │                │
 *   │    │ │ delay passed,│    │ connection   │ either         │ either
 *   │    │ │ to be        │    │ fails        │ session lost   │ session lost
 *   │    │ │ drained      │    ↓              ↓                ↓
 *   │    │ └──────────────┴──────────────  BACKOFF  ───────────┘
 *   │    │
 *   │    └─enabled = false─→ DISABLED
 *   │start
 *   │
 *   STOPPED ←──stop── CONNECTING, ATTACHING, CONNECTED, BACKOFF, IDLE
 *           ←──start.type = manual, subscribed── NEW
 *
 *   NEW ───────subscribed──────→ IDLE ──enough waits, or asked to──→ CONNECTING
 *   CONNECTED ──nothing to do──→      ──to be drained, or is not subscribed──→ NEW
 *
 *   any of them ──close──→ CLOSED
 * </pre>
 */
enum LinkState {
    NEW(BridgeStatus.State.CONNECTING),
    DISABLED(BridgeStatus.State.DISABLED),
    CONNECTING(BridgeStatus.State.CONNECTING),
    ATTACHING(BridgeStatus.State.CONNECTING),
    CONNECTED(BridgeStatus.State.CONNECTED),
    BACKOFF(BridgeStatus.State.BACKOFF),
    IDLE(BridgeStatus.State.IDLE),
    STOPPED(BridgeStatus.State.STOPPED),
    CLOSED(BridgeStatus.State.STOPPED);

    private final BridgeStatus.State shown;

    LinkState(BridgeStatus.State shown) {
        this.shown = shown;
    }

    /** The word that others see. */
    BridgeStatus.State shown() {
        return shown;
    }

    /** Whether it has a connection, or is to have one again. */
    boolean isRunning() {
        return switch (this) {
            case NEW, CONNECTING, ATTACHING, CONNECTED, BACKOFF, IDLE -> true;
            case DISABLED, STOPPED, CLOSED -> false;
        };
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
            case NEW -> EnumSet.of(DISABLED, CONNECTING, IDLE, STOPPED, CLOSED);
            case DISABLED -> EnumSet.of(CLOSED);
            case CONNECTING -> EnumSet.of(ATTACHING, BACKOFF, STOPPED, CLOSED);
            case ATTACHING -> EnumSet.of(CONNECTED, BACKOFF, STOPPED, CLOSED);
            case CONNECTED -> EnumSet.of(BACKOFF, IDLE, STOPPED, CLOSED);
            case BACKOFF, IDLE -> EnumSet.of(NEW, CONNECTING, STOPPED, CLOSED);
            case STOPPED -> EnumSet.of(NEW, CLOSED);
            case CLOSED -> EnumSet.noneOf(LinkState.class);
        };
    }
}
