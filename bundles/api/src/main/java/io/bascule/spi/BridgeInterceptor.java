/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.api.Bridge;
import io.bascule.mqtt.Message;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Sees every message that crosses a bridge, as it is to be on the other side, and may change or drop it. A service: bridges pick it up and let go
 * of it while they run. With the property {@value #BRIDGE}, a text or several, it sees what crosses the bridges of these names, without it all.
 * Interceptors are called in the order of their {@code service.ranking}, the highest first, each with what the one before has made of the
 * message.
 *
 * <p>What counts of the result is topic, payload, properties and expiry; QoS and RETAIN are the route's. A message that is sent again, since its
 * acknowledgement was lost with a connection, is seen again: the result should be the same.
 *
 * <p>Called on event loops, several at a time: it must not block. One that throws has dropped the message.
 */
@ConsumerType
public interface BridgeInterceptor {
    /** The service property with the names of the bridges that it is for. */
    String BRIDGE = "bridge.name";

    /** The message to go on with, the same or another; empty to drop it, which is counted as {@code intercepted} and acknowledged as a success. */
    Optional<Message> cross(Way way, Message message);

    /**
     * The way that a message takes.
     *
     * @param bridge its name
     * @param route its name
     */
    record Way(String bridge, Bridge.Direction direction, String route) {}
}
