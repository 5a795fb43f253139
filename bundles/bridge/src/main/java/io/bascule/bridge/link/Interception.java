/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.mqtt.Message;
import io.bascule.spi.BridgeInterceptor;
import java.util.Optional;

/** Those who may change or drop what crosses. */
public interface Interception {
    /** Whether there is nobody to ask. */
    boolean isNobody();

    /** What is made of a message; empty when it is dropped. */
    Optional<Message> cross(BridgeInterceptor.Way way, Message message);
}
