/* SPDX-License-Identifier: Apache-2.0 */
/**
 * MQTT bridges, one per configuration: this bundle owns the pairing of a local session with a remote one, and the rule
 * that a message is acknowledged on one side only when the other side has taken responsibility for it. It never owns a
 * queue or a thread: what waits, waits in the local session, which outlives the bridge.
 */
package io.bascule.bridge;
