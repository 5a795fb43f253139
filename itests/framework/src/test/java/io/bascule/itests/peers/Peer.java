/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

/** Another MQTT broker, in a process of its own. */
public interface Peer extends AutoCloseable {

    /** The loopback port it listens on. */
    int port();

    /** Ends it; what it has written is gone. */
    @Override
    void close();
}
