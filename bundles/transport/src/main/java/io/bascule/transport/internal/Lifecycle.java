/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

/** Whoever keeps account of connections. Called on the connection's event loop. */
interface Lifecycle {
    void opened(MqttConnection connection);

    /** Comes exactly once after {@link #opened}. */
    void closed(MqttConnection connection);
}
