/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import java.time.Duration;

/** When a bridge connects. */
public sealed interface StartType {

    /** At once, and again whenever the connection is lost. */
    record Automatic() implements StartType {}

    /** When somebody starts it; from then on like an automatic one. */
    record Manual() implements StartType {}

    /**
     * When enough waits to be forwarded; it leaves the remote broker when there is nothing more to do.
     *
     * @param threshold so many messages are enough
     * @param age and so is one that has waited for so long
     * @param idleTimeout how long nothing crosses, waits or is in flight before the remote broker is left
     */
    record Lazy(int threshold, Duration age, Duration idleTimeout) implements StartType {}
}
