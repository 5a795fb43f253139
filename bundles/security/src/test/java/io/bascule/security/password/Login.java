/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import io.bascule.mqtt.MqttVersion;
import io.bascule.spi.ConnectingClient;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Somebody who connects. */
record Login(Optional<String> userName, Optional<byte[]> password) implements ConnectingClient {
    static Login of(String userName, String password) {
        return new Login(Optional.of(userName), Optional.of(password.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String clientId() {
        return "client";
    }

    @Override
    public MqttVersion version() {
        return MqttVersion.MQTT_5;
    }

    @Override
    public String listener() {
        return "main";
    }

    @Override
    public SocketAddress address() {
        return InetSocketAddress.createUnresolved("10.0.0.1", 1234);
    }

    @Override
    public List<X509Certificate> certificates() {
        return List.of();
    }
}
