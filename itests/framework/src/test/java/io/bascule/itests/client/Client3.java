/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.client;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.Mqtt3ClientBuilder;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A 3.1.1 client. */
final class Client3 extends Client {
    private final Mqtt3AsyncClient client;
    private boolean sessionPresent;

    private Client3(ConnectOptions options) {
        Mqtt3ClientBuilder builder = Mqtt3Client.builder();
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

    static Client3 open(ConnectOptions options, Consumer<Received> messages) {
        Client3 it = new Client3(options);
        it.client.publishes(MqttGlobalPublishFilter.ALL, publish -> messages.accept(received(publish)));
        it.sessionPresent = await(it.client
                        .connectWith()
                        .cleanSession(!options.lasting())
                        .keepAlive(options.keepAlive())
                        .send())
                .isSessionPresent();
        return it;
    }

    private static Received received(Mqtt3Publish publish) {
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
