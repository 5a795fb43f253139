/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.mqtt.MqttVersion;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
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

    /** Where it connects from: an IP address and a port, or the Unix domain socket that it has connected to. */
    SocketAddress address();

    /**
     * The certificates by which it has proved in a TLS handshake who it is, its own first, each issued by the next; empty when it has not. The
     * listener has checked them: they lead to an authority that it trusts, and none has expired or been revoked.
     */
    List<X509Certificate> certificates();
}
