/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientConfig;
import com.hivemq.client.mqtt.mqtt5.auth.Mqtt5EnhancedAuthMechanism;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5Auth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5AuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5EnhancedAuth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5EnhancedAuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5Disconnect;
import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A client's side of SCRAM-SHA-256, as another library has it. It believes no server that has not shown that it knows the password too. */
final class Scram implements Mqtt5EnhancedAuthMechanism {
    private final String method;
    private volatile String user;
    private volatile String password;
    private ScramClient client;

    Scram(String method, String user, String password) {
        this.method = method;
        this.user = user;
        this.password = password;
    }

    /** From the next exchange on. */
    void become(String otherUser, String otherPassword) {
        user = otherUser;
        password = otherPassword;
    }

    private CompletableFuture<Void> begin(Mqtt5EnhancedAuthBuilder auth) {
        client = ScramClient.builder()
                .advertisedMechanisms(List.of("SCRAM-SHA-256"))
                .username(user)
                .password(password.toCharArray())
                .stringPreparation(StringPreparation.SASL_PREPARATION)
                .build();
        auth.data(client.clientFirstMessage().toString().getBytes(UTF_8));
        return CompletableFuture.completedFuture(null);
    }

    private static String text(Optional<ByteBuffer> data) {
        return UTF_8.decode(data.orElseThrow()).toString();
    }

    private CompletableFuture<Boolean> end(Optional<ByteBuffer> data) {
        try {
            client.serverFinalMessage(text(data));
            return CompletableFuture.completedFuture(true);
        } catch (ScramException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public MqttUtf8String getMethod() {
        return MqttUtf8String.of(method);
    }

    @Override
    public int getTimeout() {
        return 10;
    }

    @Override
    public CompletableFuture<Void> onAuth(
            Mqtt5ClientConfig config, Mqtt5Connect connect, Mqtt5EnhancedAuthBuilder auth) {
        return begin(auth);
    }

    @Override
    public CompletableFuture<Void> onReAuth(Mqtt5ClientConfig config, Mqtt5AuthBuilder auth) {
        return begin(auth);
    }

    @Override
    public CompletableFuture<Boolean> onContinue(Mqtt5ClientConfig config, Mqtt5Auth auth, Mqtt5AuthBuilder answer) {
        try {
            client.serverFirstMessage(text(auth.getData()));
            answer.data(client.clientFinalMessage().toString().getBytes(UTF_8));
            return CompletableFuture.completedFuture(true);
        } catch (ScramException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<Boolean> onAuthSuccess(Mqtt5ClientConfig config, Mqtt5ConnAck connAck) {
        return end(connAck.getEnhancedAuth().flatMap(Mqtt5EnhancedAuth::getData));
    }

    @Override
    public CompletableFuture<Boolean> onReAuthSuccess(Mqtt5ClientConfig config, Mqtt5Auth auth) {
        return end(auth.getData());
    }

    @Override
    public void onAuthRejected(Mqtt5ClientConfig config, Mqtt5ConnAck connAck) {}

    @Override
    public void onReAuthRejected(Mqtt5ClientConfig config, Mqtt5Disconnect disconnect) {}

    @Override
    public void onAuthError(Mqtt5ClientConfig config, Throwable cause) {}

    @Override
    public void onReAuthError(Mqtt5ClientConfig config, Throwable cause) {}
}
