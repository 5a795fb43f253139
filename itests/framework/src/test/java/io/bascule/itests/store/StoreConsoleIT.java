/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.store;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Broker;
import io.bascule.api.Store;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.support.Folders;
import io.bascule.itests.support.InFramework;
import io.bascule.mqtt.TopicFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.Test;

/** What operators do with the store while its broker runs. */
public class StoreConsoleIT extends InFramework {

    private String id() {
        return service(Broker.class).id();
    }

    private int queued(String clientId) {
        return service(Broker.class)
                .session(clientId)
                .map(session -> session.queue().queued())
                .orElse(-1);
    }

    @Test(timeout = 120_000)
    public void importsWhatItHasExported() throws IOException, InterruptedException, ExecutionException {
        int port = openListener("main");
        ConnectOptions kept = ConnectOptions.of(Version.MQTT_5, port, "kept").lastingSession();
        Client subscriber = Client.connect(kept, message -> {});
        subscriber.subscribe("t/#", 1);
        subscriber.close();
        eventually("it is away", () -> queued("kept") == 0);
        Client publisher = Client.connect(Version.MQTT_5, port, "publisher");
        publisher.publish("t/1", 1, "waits");
        publisher.publish("r", 1, true, new byte[] {'r'}).get();
        assertThat(console("mqtt:store")).contains("Messages queued", "Open").contains("Sessions");
        assertThat(console("mqtt:store-verify")).containsPattern("Intact +yes").containsPattern("Messages queued +1");

        Path file = Folders.create("export").resolve("store.jsonl");
        assertThat(console("mqtt:store-export " + file))
                .isEqualTo("Wrote 1 session, 1 message and 1 retained message to " + file + ".");
        String exported = Files.readString(file);

        String before = id();
        assertThatThrownBy(() -> console("mqtt:store-import " + file))
                .hasToString(
                        "Nothing is imported: the session kept exists already: delete it first, or skip what exists.");
        assertThat(id()).isEqualTo(before);
        assertThat(publisher.isConnected()).isTrue();
        service(Broker.class).endSession("kept").toCompletableFuture().get();
        service(Broker.class)
                .deleteRetained(TopicFilter.of("#"))
                .toCompletableFuture()
                .get();

        assertThat(console("mqtt:store-import " + file))
                .isEqualTo("Imported 1 session, 1 message and 1 retained message from " + file + ".");
        assertThat(id()).isNotEqualTo(before);
        eventually("the clients of before are cut off", () -> !publisher.isConnected());
        assertThat(queued("kept")).isOne();
        assertThat(service(Broker.class).retained(TopicFilter.of("#"), 10)).hasSize(1);
        assertThat(service(Store.class).status().whyNotOpen()).isEmpty();

        Path again = file.resolveSibling("again.jsonl");
        console("mqtt:store-export " + again);
        assertThat(Files.readString(again).replaceAll("\"(age|away)\":\\d+,", ""))
                .isEqualTo(exported.replaceAll("\"(age|away)\":\\d+,", ""));
        List<String> received = new CopyOnWriteArrayList<>();
        Client back = Client.connect(
                ConnectOptions.of(Version.MQTT_5, awaitOpen("main"), "kept").lastingSession(),
                message -> received.add(message.text()));
        assertThat(back.sessionPresent()).isTrue();
        eventually("it gets what waited", () -> received.equals(List.of("waits")));
        back.close();
    }
}
