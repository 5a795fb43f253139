/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security;

import io.bascule.mqtt.MqttVersion;
import io.bascule.spi.ConnectingClient;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Somebody who connects. */
public record Login(
        Optional<String> userName,
        Optional<byte[]> password,
        MqttVersion version,
        String clientId,
        List<X509Certificate> certificates)
        implements ConnectingClient {

    public Login(Optional<String> userName, Optional<byte[]> password) {
        this(userName, password, MqttVersion.MQTT_5, "client", List.of());
    }

    public static Login of(String userName, String password) {
        return new Login(Optional.of(userName), Optional.of(password.getBytes(StandardCharsets.UTF_8)));
    }

    /** The same with a certificate. */
    public Login showing(X509Certificate certificate) {
        return new Login(userName, password, version, clientId, List.of(certificate));
    }

    /** The same in another version. */
    public Login in(MqttVersion other) {
        return new Login(userName, password, other, clientId, certificates);
    }

    /** The same with another client id. */
    public Login as(String other) {
        return new Login(userName, password, version, other, certificates);
    }

    @Override
    public String listener() {
        return "main";
    }

    @Override
    public SocketAddress address() {
        return InetSocketAddress.createUnresolved("10.0.0.1", 1234);
    }
}
