/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.client;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A 5.0 client. */
final class Client5 extends Client {
    private static final long NEVER_EXPIRES = 0xFFFF_FFFFL;

    private final Mqtt5AsyncClient client;
    private boolean sessionPresent;

    private Client5(ConnectOptions options) {
        Mqtt5ClientBuilder builder = Mqtt5Client.builder();
        options.user()
                .ifPresent(user -> builder.simpleAuth()
                        .username(user.name())
                        .password(user.password())
                        .applySimpleAuth());
        client = builder.identifier(options.clientId())
                .serverHost("127.0.0.1")
                .serverPort(options.port())
                .addDisconnectedListener(context -> hasDisconnected(context.getCause()))
                .buildAsync();
    }

    static Client5 open(ConnectOptions options, Consumer<Received> messages) {
        Client5 it = new Client5(options);
        it.client.publishes(MqttGlobalPublishFilter.ALL, publish -> messages.accept(received(publish)));
        it.sessionPresent = await(it.client
                        .connectWith()
                        .cleanStart(!options.lasting())
                        .sessionExpiryInterval(options.lasting() ? NEVER_EXPIRES : 0)
                        .keepAlive(options.keepAlive())
                        .send())
                .isSessionPresent();
        return it;
    }

    private static Received received(Mqtt5Publish publish) {
        return new Received(
                publish.getTopic().toString(),
                publish.getQos().getCode(),
                publish.isRetain(),
                publish.getPayloadAsBytes());
    }

    @Override
    public boolean sessionPresent() {
        return sessionPresent;
    }

    @Override
    public void subscribe(String filter, int qos) {
        await(client.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.fromCode(qos))
                .send());
    }

    @Override
    public CompletableFuture<?> publish(String topic, int qos, boolean retain, byte[] payload) {
        return client.publishWith()
                .topic(topic)
                .qos(MqttQos.fromCode(qos))
                .retain(retain)
                .payload(payload)
                .send();
    }

    @Override
    public void close() {
        if (client.getState().isConnected()) {
            awaitDisconnected(client.disconnect());
        }
    }
}
