/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.store;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Broker;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.Ledger;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.Before;

/** A framework in which the broker comes and goes with its store, behind a listener whose port stays the same. */
public abstract class StoreContract extends InFramework {
    static final String PID = "io.bascule.store";

    private static final int PUBLISHERS = 4;
    private static final int MORE = 5;
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);

    private final List<Ledger> ledgers = new ArrayList<>();
    private final List<Persistent> publishers = new ArrayList<>();
    int port;

    @Before
    public final void listen() throws IOException {
        broker = null; // there will be others, and nothing but this test would hold on to this one
        port = Ports.free();
        configureListener("fixed", Map.of("host", "127.0.0.1", "port", String.valueOf(port)));
        awaitOpen("fixed");
    }

    /** Publishers that do not give up, and for each somebody who is away. */
    final void startPublishers() {
        for (int i = 0; i < PUBLISHERS; i++) {
            Ledger ledger = new Ledger();
            subscribe("offline" + i, "load/" + i);
            ledgers.add(ledger);
            publishers.add(new Persistent(port, "publisher" + i, "load/" + i, ledger));
        }
        awaitMore();
    }

    /** Waits until some more messages of each publisher are acknowledged. */
    final void awaitMore() {
        for (Persistent each : publishers) {
            int enough = each.acknowledged() + MORE;
            eventually(TO_ARRIVE, "messages are acknowledged", () -> each.acknowledged() >= enough);
        }
    }

    /** How many messages are acknowledged. */
    final int acknowledged() {
        return publishers.stream().mapToInt(Persistent::acknowledged).sum();
    }

    /** Has them end; how often each of them has connected, on average. */
    final int stopPublishers() throws InterruptedException {
        int connections = 0;
        for (Persistent each : publishers) {
            connections += each.stop();
        }
        return connections / PUBLISHERS;
    }

    /** Nothing is lost of what the publishers, who have ended, have sent. Their sessions and those of the others end. */
    final void takeAll() {
        for (int i = 0; i < PUBLISHERS; i++) {
            Ledger ledger = ledgers.get(i);
            ConnectOptions options = lasting("offline" + i);
            try (Client subscriber = connect(options, message -> ledger.receive(Integer.parseInt(message.text())))) {
                assertThat(subscriber.sessionPresent()).isTrue();
                eventually(
                        TO_ARRIVE,
                        () -> assertThat(ledger.books().lost()).as("%s", ledger).isZero());
                assertThat(ledger.books().isComplete()).as("%s", ledger).isTrue();
            }
            endSession("offline" + i);
            endSession("publisher" + i);
        }
        System.out.println(ledgers);
        ledgers.clear();
        publishers.clear();
    }

    final void endSession(String clientId) {
        service(Broker.class).endSession(clientId).toCompletableFuture().join();
    }

    final ConnectOptions lasting(String clientId) {
        return ConnectOptions.of(Version.MQTT_5, port, clientId).lastingSession();
    }

    /** Subscribes with a session that stays, and leaves. */
    final void subscribe(String clientId, String filter) {
        try (Client client = connect(lasting(clientId), message -> {})) {
            client.subscribe(filter, 2);
        }
    }

    final Client connect(ConnectOptions options, Consumer<Received> messages) {
        awaitOpen("fixed");
        return Client.connect(options, messages);
    }
}
