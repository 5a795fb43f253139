/* SPDX-License-Identifier: Apache-2.0 */
/**
 * MQTT over the network: owns event loops, sockets, listeners and the codec, and hands packets in and out as plain immutable values. It
 * knows no session and no topic tree, and no Netty type leaves it.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
// Registered by hand; a resolver that looks at services is told of those of components only.
@org.osgi.annotation.bundle.Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.bascule.api.OpenListener\"",
        uses = io.bascule.api.OpenListener.class)
package io.bascule.transport;
