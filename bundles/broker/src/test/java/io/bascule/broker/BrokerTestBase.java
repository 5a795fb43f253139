/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.SessionInfo;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** One broker for all tests of a class, whose buffers are all given back in the end. Each test uses client ids and topics of its own. */
@Timeout(60)
abstract class BrokerTestBase {
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    static TestBroker broker;

    private final List<TestClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        broker = TestBroker.start();
    }

    @AfterEach
    void dropClients() {
        clients.forEach(TestClient::close);
    }

    @AfterAll
    static void stop() {
        eventually("buffers given back", () -> broker.transport().info().activeBuffers() == 0);
        broker.close();
    }

    TestClient connect(TestClient.Connect connect) {
        return tracked(TestClient.connected(broker.port(), connect));
    }

    TestClient connect(MqttVersion version, String clientId) {
        return connect(TestClient.of(version, clientId));
    }

    /** A TCP connection over which this has been sent. */
    TestClient send(MqttVersion version, byte[] bytes) {
        TestClient client = tracked(TestClient.tcp(broker.port(), version));
        client.send(bytes);
        return client;
    }

    /** A name for one run of a test that runs once in each version. */
    static String name(String base, MqttVersion version) {
        return base + "-" + version.protocolLevel();
    }

    TestClient tracked(TestClient client) {
        clients.add(client);
        return client;
    }

    static Optional<SessionInfo> session(String clientId) {
        return broker.broker().sessions().stream()
                .filter(each -> each.clientId().equals(clientId))
                .findFirst();
    }

    /** Drops the connection and waits until the broker knows. */
    static void drop(TestClient client, String clientId) {
        client.close();
        eventually(
                "detached",
                () -> session(clientId).filter(SessionInfo::connected).isEmpty());
    }

    /** Waits until something holds. */
    static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as(what).isNegative();
            LockSupport.parkNanos(POLL_NANOS); // what is waited for may want this processor
        }
    }
}
