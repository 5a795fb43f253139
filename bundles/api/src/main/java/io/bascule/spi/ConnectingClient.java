/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.mqtt.MqttVersion;
import java.net.SocketAddress;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** A client that has sent CONNECT and waits for CONNACK: everything by which it may be judged. */
@ProviderType
public interface ConnectingClient {

    /** As sent, or as assigned by the broker where it was empty. */
    String clientId();

    /** The User Name, empty when none was sent. */
    Optional<String> userName();

    /** The Password, empty when none was sent. Do not keep it longer than the decision takes. */
    Optional<byte[]> password();

    /** The protocol it speaks. */
    MqttVersion version();

    /** The name of the listener it came through. */
    String listener();

    /** Where it connects from. */
    SocketAddress address();
}
