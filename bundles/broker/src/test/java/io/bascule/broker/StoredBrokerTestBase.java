/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.bascule.broker.BrokerTestBase.eventually;
import static io.netty.handler.codec.mqtt.MqttMessageType.CONNACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Connect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** For each test a broker with a store on disk, which can be started again with what it has kept. */
@Timeout(60)
abstract class StoredBrokerTestBase {
    @TempDir
    Path folder;

    StoredBroker broker;
    private final List<TestClient> clients = new ArrayList<>();

    @BeforeEach
    void start() {
        broker = open();
    }

    @AfterEach
    void stop() {
        clients.forEach(TestClient::close);
        broker.close();
    }

    StoredBroker open() {
        return new StoredBroker(folder);
    }

    final void restart() {
        restart(this::open);
    }

    final void restart(Supplier<StoredBroker> another) {
        stop();
        broker = another.get();
    }

    static Connect lasting(String clientId) {
        return TestClient.v5(clientId).resuming().lasting(1000);
    }

    final TestClient connect(Connect connect) {
        TestClient client = TestClient.connected(broker.port(), connect);
        clients.add(client);
        return client;
    }

    final TestClient resume(Connect connect) {
        TestClient client = TestClient.sending(broker.port(), connect);
        clients.add(client);
        assertThat(client.await(CONNACK).sessionPresent()).isTrue();
        return client;
    }

    final boolean isAway(String clientId) {
        return broker.broker()
                .session(clientId)
                .filter(each -> !each.connected())
                .isPresent();
    }

    final int queued(String clientId) {
        return broker.broker().session(clientId).orElseThrow().queue().queued();
    }

    /** A session that is subscribed to its own name, and away. */
    final void leave(String clientId, int qos) {
        TestClient client = connect(lasting(clientId));
        client.subscribe(clientId, qos);
        client.disconnect();
        eventually("away", () -> isAway(clientId));
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(8, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
