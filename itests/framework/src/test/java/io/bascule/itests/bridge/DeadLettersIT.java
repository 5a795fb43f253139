/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.support.InFramework;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Test;

/** Messages that are too large to cross to Mosquitto, or from there. */
public class DeadLettersIT extends InFramework {
    private static final int MESSAGES = 100;
    /** Each so many one is large. */
    private static final int EACH = 10;

    private static final int LARGE = 3000;
    private static final String DEAD = "dead.letter.topic";

    private final List<Received> far = new CopyOnWriteArrayList<>();
    private final List<Received> near = new CopyOnWriteArrayList<>();
    private final List<Client> receivers = new ArrayList<>();

    /** Maximum Packet Size is the remote broker's. */
    @Test(timeout = 120_000)
    public void whatTheRemoteBrokerDoesNotTakeIsPublishedHere() throws Exception {
        forward("out/# -> there/{#}", Map.of(DEAD, "dead"), "max_packet_size 2000");

        assertThat(dead()).extracting(DeadLettersIT::number).isEqualTo(large());
        assertThat(dead()).allMatch(message -> message.payload().length == LARGE && !message.retain());
    }

    @Test(timeout = 120_000)
    public void whatIsTooLargeForAForwardRouteIsPublishedHere() throws Exception {
        forward("out/# -> there/{#} max.payload=2KiB", Map.of(DEAD, "dead"));

        assertThat(dead()).extracting(DeadLettersIT::number).isEqualTo(large());
    }

    /** A route that takes everything takes dead letters as well, which are not made into dead letters again. */
    @Test(timeout = 120_000)
    public void aDeadLetterThatARouteTakesEndsThere() throws Exception {
        forward(
                "out/# -> there/{#} max.payload=2KiB",
                Map.of(DEAD, "dead", "forward.dead", "dead -> buried max.payload=2KiB"));

        assertThat(dead()).extracting(DeadLettersIT::number).isEqualTo(large());
        assertThat(far).extracting(Received::topic).containsOnly("there/x");
    }

    /** A control: without the key they are dropped, and nothing is held up. */
    @Test(timeout = 120_000)
    public void withoutATopicItIsDropped() throws Exception {
        forward("out/# -> there/{#}", Map.of(), "max_packet_size 2000");

        assertThat(dead()).isEmpty();
    }

    private void forward(String rule, Map<String, String> more, String... conf) throws Exception {
        try (MosquittoProcess remote = MosquittoProcess.start(conf);
                Client sender = bridge(remote, rule, more)) {
            publish(sender, "out/x", 1);
            eventually(() -> assertThat(far).hasSize(MESSAGES - large().size()));
            checkBooks("out");
        }
        assertThat(far).extracting(DeadLettersIT::number).isEqualTo(small());
    }

    @Test(timeout = 120_000)
    public void whatIsTooLargeForASubscribeRouteIsPublishedHere() throws Exception {
        int local = openListener("local");
        try (MosquittoProcess remote = MosquittoProcess.start();
                Client sender = Client.connect(Version.MQTT_5, remote.port(), "sender")) {
            receiver(local, "near", "#", near);
            Map<String, String> properties = bridgeWithoutRoutes(remote);
            properties.put("subscribe.in", "in/# -> here/{#} max.payload=2KiB");
            properties.put(DEAD, "dead");
            configureBridge("b", properties);
            awaitConnected("b");
            publish(sender, "in/x", 2);
            eventually(() -> assertThat(near).hasSize(MESSAGES));
            checkBooks("in");
        }
        assertThat(near.stream().filter(message -> message.topic().equals("here/x")))
                .extracting(DeadLettersIT::number)
                .isEqualTo(small());
        assertThat(dead()).extracting(DeadLettersIT::number).isEqualTo(large());
    }

    /** Who publishes here, beside a receiver at either end. */
    private Client bridge(MosquittoProcess remote, String rule, Map<String, String> more) throws Exception {
        int local = openListener("local");
        receiver(remote.port(), "far", "#", far);
        receiver(local, "near", "dead", near);
        Map<String, String> properties = bridgeWithoutRoutes(remote);
        properties.put("forward.out", rule);
        properties.putAll(more);
        configureBridge("b", properties);
        awaitConnected("b");
        return Client.connect(Version.MQTT_5, local, "sender");
    }

    private static Map<String, String> bridgeWithoutRoutes(MosquittoProcess remote) {
        Map<String, String> properties = BridgeContract.bridgeTo(remote, Version.MQTT_5);
        properties.keySet().removeIf(key -> key.startsWith("forward.") || key.startsWith("subscribe."));
        return properties;
    }

    private void receiver(int port, String clientId, String filter, List<Received> received) {
        Client receiver = Client.connect(ConnectOptions.of(Version.MQTT_5, port, clientId), received::add);
        receivers.add(receiver);
        receiver.subscribe(filter, 2);
    }

    @After
    public void closeReceivers() {
        receivers.forEach(Client::close);
    }

    private static void publish(Client sender, String topic, int qos) {
        for (int i = 0; i < MESSAGES; i++) {
            String text = i % EACH == 0 ? i + " " + "x".repeat(LARGE) : i + " ";
            sender.publish(topic, qos, i % EACH == 0 ? text.substring(0, LARGE) : text);
        }
    }

    private void checkBooks(String name) {
        eventually(() -> {
            BridgeStatus.Route route = bridge("b").orElseThrow().routes().stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            assertThat(route.received()).isEqualTo(MESSAGES);
            assertThat(route.forwarded()).isEqualTo(small().size());
            assertThat(route.dropped()).isEqualTo(Map.of("too-large", (long) large().size()));
        });
        eventually(() -> assertThat(bridge("b").orElseThrow().queue().queued()
                        + bridge("b").orElseThrow().queue().inFlight())
                .isZero());
    }

    private Stream<Received> dead() {
        return near.stream().filter(message -> message.topic().equals("dead"));
    }

    private static int number(Received message) {
        return Integer.parseInt(message.text().split(" ", 2)[0]);
    }

    private static List<Integer> large() {
        return Stream.iterate(0, i -> i + EACH).limit(MESSAGES / EACH).toList();
    }

    private static List<Integer> small() {
        return Stream.iterate(0, i -> i + 1)
                .limit(MESSAGES)
                .filter(i -> i % EACH != 0)
                .toList();
    }
}
