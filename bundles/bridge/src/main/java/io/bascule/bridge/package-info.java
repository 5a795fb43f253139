/* SPDX-License-Identifier: Apache-2.0 */
/**
 * MQTT bridges, one per configuration: this bundle owns the pairing of a local session with a remote one, and the rule
 * that a message is acknowledged on one side only when the other side has taken responsibility for it. It never owns a
 * queue or a thread: what waits, waits in the local session, which outlives the bridge.
 */
// Registered by hand; a resolver that looks at services is told of those of components only.
@org.osgi.annotation.bundle.Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.bascule.api.Bridge\"",
        uses = io.bascule.api.Bridge.class)
package io.bascule.bridge;
