/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import org.osgi.annotation.versioning.ConsumerType;

/** Serves the connections of every listener, as an OSGi service: listeners are open while there is one. */
@ConsumerType
public interface MqttServer {

    /**
     * A client has connected and has not said anything yet. Called on the event loop that the connection will belong to.
     *
     * @param listener the one it came through
     */
    ConnectionHandler accept(ListenerTerms listener);
}
