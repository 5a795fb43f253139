/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.bascule.api.BridgeStatus;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Received;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.PickyRemote;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InFramework;
import io.bascule.itests.support.OldRevisions;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Test;

/** A bridge that fetches from Mosquitto what somebody here is subscribed to, and nothing else. */
public class InterestIT extends InFramework {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final String ON_DEMAND = " interest=subscribed";

    private int local;

    @Before
    public void openListener() throws IOException {
        local = openListener("local");
    }

    private Map<String, String> bridgeTo(MosquittoProcess remote, Version version, String option) throws IOException {
        Map<String, String> properties = BridgeContract.bridgeTo(remote, version);
        properties.put("subscribe.in", "in/# -> here/{#}" + option);
        configureBridge("b", properties);
        awaitConnected("b");
        return properties;
    }

    private static Client listener(ConnectOptions options, List<Received> inbox) {
        return Client.connect(options, inbox::add);
    }

    /** Publishes there until it comes here: until the bridge's SUBSCRIBE is granted nothing may. */
    private static void awaitCrossing(Client far, String topic, List<Received> inbox) {
        eventually(() -> {
            far.publish(topic, 1, "probe");
            assertThat(inbox).extracting(Received::text).contains("probe");
        });
        far.publish(topic, 1, "ready");
        eventually(() -> assertThat(inbox).extracting(Received::text).contains("ready"));
        inbox.clear();
    }

    private void awaitSubscribedThere(String... filters) {
        eventually(() -> assertThat(control("b").subscribedThere())
                .extracting(TopicFilter::text)
                .containsExactlyInAnyOrder(filters));
    }

    private long crossed() {
        return bridge("b").orElseThrow().routes().stream()
                .filter(route -> route.name().equals("in"))
                .mapToLong(BridgeStatus.Route::received)
                .sum();
    }

    private static List<String> numbers(int upTo) {
        return IntStream.range(0, upTo).mapToObj(String::valueOf).toList();
    }

    @Test(timeout = 120_000)
    public void onlyWhatSomebodyIsSubscribedToCrosses() throws Exception {
        assertThat(crossing(ON_DEMAND, Version.MQTT_5)).isEqualTo(20);
    }

    @Test(timeout = 120_000)
    public void onlyWhatSomebodyIsSubscribedToCrossesOver311() throws Exception {
        assertThat(crossing(ON_DEMAND, Version.MQTT_3_1_1)).isEqualTo(20);
    }

    /** A control: a bridge without the option fetches what nobody wants. */
    @Test(timeout = 120_000)
    public void everythingCrossesWithoutTheOption() throws Exception {
        assertThat(crossing("", Version.MQTT_5)).isEqualTo(60);
    }

    /** How many messages cross of three times twenty, where one topic in three is wanted. */
    private long crossing(String option, Version version) throws Exception {
        List<Received> inbox = new CopyOnWriteArrayList<>();
        try (MosquittoProcess remote = MosquittoProcess.start();
                Client far = Client.connect(Version.MQTT_5, remote.port(), "far");
                Client near = listener(ConnectOptions.of(Version.MQTT_5, local, "near"), inbox)) {
            bridgeTo(remote, version, option);
            near.subscribe("here/a", 1);
            awaitCrossing(far, "in/a", inbox);
            long before = crossed();
            for (int i = 0; i < 20; i++) {
                far.publish("in/c", 1, String.valueOf(i));
                far.publish("in/b", 1, String.valueOf(i));
                far.publish("in/a", 1, String.valueOf(i)); // the last, so that the others have come by then
            }
            eventually(() -> assertThat(inbox).extracting(Received::text).containsExactlyElementsOf(numbers(20)));
            return crossed() - before;
        }
    }

    @Test(timeout = 120_000)
    public void followsWhoComesAndGoes() throws Exception {
        List<Received> inbox = new CopyOnWriteArrayList<>();
        try (MosquittoProcess remote = MosquittoProcess.start();
                Client far = Client.connect(Version.MQTT_5, remote.port(), "far")) {
            bridgeTo(remote, Version.MQTT_5, ON_DEMAND);
            awaitSubscribedThere();
            try (Client near = listener(ConnectOptions.of(Version.MQTT_5, local, "near"), inbox)) {
                near.subscribe("here/a", 1);
                awaitCrossing(far, "in/a", inbox);
                awaitSubscribedThere("in/a");
                widenAndNarrow(far);

                long before = crossed();
                inbox.clear();
                far.publish("in/z", 1, "nobody wants it");
                far.publish("in/a", 1, "somebody does");
                eventually(() -> assertThat(inbox).extracting(Received::text).containsExactly("somebody does"));
                assertThat(crossed() - before).isEqualTo(1);
                assertThat(console("mqtt:bridge-info b")).contains("in/a");
            }
            awaitSubscribedThere();
        }
    }

    private void widenAndNarrow(Client far) throws Exception {
        List<Received> all = new CopyOnWriteArrayList<>();
        Session session = broker.open(
                        SessionOptions.temporary("all"),
                        delivery -> all.add(new Received(
                                delivery.message().topic().name(),
                                0,
                                false,
                                delivery.message().payload())))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        TopicFilter everything = TopicFilter.of("here/#");
        session.subscribe(List.of(Subscription.of(everything, QoS.AT_MOST_ONCE)));
        awaitCrossing(far, "in/z", all);
        awaitSubscribedThere("in/#");
        session.unsubscribe(List.of(everything));
        awaitSubscribedThere("in/a");
        session.end();
    }

    @Test(timeout = 240_000)
    public void losesNothingOfAStandingInterestWhateverComesAndGoesBesideIt() throws Exception {
        try (MosquittoProcess remote = MosquittoProcess.start()) {
            Map<String, String> properties = bridgeTo(remote, Version.MQTT_5, ON_DEMAND);
            List<Flow> flows = new ArrayList<>();
            try {
                for (int qos = 1; qos <= 2; qos++) {
                    flows.add(new Flow(
                            "in " + qos,
                            Version.MQTT_5,
                            qos,
                            new Flow.Way(remote.port(), "in/" + qos + "/x", local, "here/" + qos + "/x")));
                }
                awaitSubscribedThere("in/1/x", "in/2/x");
                awaitGranted(remote);
                flows.forEach(flow -> flow.start(200));
                flows.forEach(flow -> flow.awaitMore(20));
                for (int i = 0; i < 8; i++) {
                    try (Client wide = Client.connect(Version.MQTT_5, local, "wide")) {
                        wide.subscribe(
                                List.of("here/#", "here/+/x", "here/1/+", "+/2/#")
                                        .get(i % 4),
                                1);
                        flows.forEach(flow -> flow.awaitMore(20));
                        disturb(i, properties);
                    }
                    flows.forEach(flow -> flow.awaitMore(20));
                }
                flows.forEach(Flow::stop);
                for (Flow flow : flows) {
                    flow.awaitComplete(TO_ARRIVE);
                    System.out.println("standing interest, " + flow);
                }
                awaitSubscribedThere("in/1/x", "in/2/x");
            } finally {
                flows.forEach(Flow::close);
            }
        }
    }

    /** Waits until what was asked for so far is granted: Mosquitto answers in order. */
    private void awaitGranted(MosquittoProcess remote) {
        List<Received> inbox = new CopyOnWriteArrayList<>();
        try (Client far = Client.connect(Version.MQTT_5, remote.port(), "probe");
                Client near = listener(ConnectOptions.of(Version.MQTT_5, local, "probed"), inbox)) {
            near.subscribe("here/probe", 1);
            awaitCrossing(far, "in/probe", inbox);
        }
    }

    private void disturb(int i, Map<String, String> properties) throws Exception {
        if (i % 2 == 0) {
            properties.put("forward.edit", "edit/" + i + "/#");
            configureBridge("b", properties);
        } else if (i == 3) {
            installed("io.bascule.bridge").update();
        } else if (i == 5) {
            control("b").reconnect();
        }
        awaitConnected("b");
    }

    @Test(timeout = 240_000)
    public void collectsForASessionThatIsAwayThroughRestartsOfBoth() throws Exception {
        List<Received> inbox = new CopyOnWriteArrayList<>();
        ConnectOptions lasting =
                ConnectOptions.of(Version.MQTT_5, local, "lasting").lastingSession();
        try (MosquittoProcess remote = MosquittoProcess.start()) {
            Map<String, String> properties = bridgeTo(remote, Version.MQTT_5, ON_DEMAND);
            try (Client near = listener(lasting, inbox);
                    Client far = Client.connect(Version.MQTT_5, remote.port(), "far")) {
                near.subscribe("here/p", 1);
                awaitCrossing(far, "in/p", inbox);
            }
            publish(remote, 0, 10);
            control("b").stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
            publish(remote, 10, 20);
            properties.put("forward.edit", "edit/#");
            configureBridge("b", properties);
            awaitConnected("b");
            publish(remote, 20, 30);
            installed("io.bascule.bridge").stop();
            publish(remote, 30, 40);
            installed("io.bascule.bridge").start();
            awaitConnected("b");
            remote.stop();
            remote.startAgain();
            publish(remote, 40, 50);
            awaitConnected("b");
            publish(remote, 50, 60);
            awaitSubscribedThere("in/p");
            try (Client near = listener(lasting, inbox)) {
                assertThat(near.sessionPresent()).isTrue();
                eventually(() -> assertThat(inbox.stream().map(Received::text).distinct())
                        .containsExactlyElementsOf(numbers(60)));
            }
            assertThat(broker.endSession("lasting").toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .isTrue();
            awaitSubscribedThere();
        }
    }

    private static void publish(MosquittoProcess remote, int from, int to) {
        try (Client far = Client.connect(Version.MQTT_5, remote.port(), "far")) {
            for (int i = from; i < to; i++) {
                far.publish("in/p", 1, String.valueOf(i));
            }
        }
    }

    /** What a bridge is subscribed to is kept off the event loop, by a thread that is none of its own. */
    @Test(timeout = 120_000)
    public void leavesNoClassBehind() throws Exception {
        OldRevisions revisions = new OldRevisions(context, installed("io.bascule.bridge"));
        try (MosquittoProcess remote = MosquittoProcess.start();
                Client near = Client.connect(Version.MQTT_5, local, "near")) {
            bridgeTo(remote, Version.MQTT_5, ON_DEMAND);
            for (int i = 0; i < 3; i++) {
                near.subscribe("here/" + i, 1);
                eventually(() -> assertThat(control("b").subscribedThere()).isNotEmpty());
                revisions.refresh();
                awaitConnected("b");
            }
            awaitSubscribedThere("in/0", "in/1", "in/2");
            eventually(() -> assertThat(revisions.alive()).isZero());
        }
    }

    @Test(timeout = 120_000)
    public void fetchesAllWhereTheRemoteBrokerAllowsFewSubscriptions() throws Exception {
        fetchesAll("5.0");
    }

    @Test(timeout = 120_000)
    public void fetchesAllWhereTheRemoteBrokerAllowsFewSubscriptionsOver311() throws Exception {
        fetchesAll("3.1.1");
    }

    private void fetchesAll(String protocol) throws Exception {
        List<Received> inbox = new CopyOnWriteArrayList<>();
        try (PickyRemote remote = new PickyRemote(100, true);
                Client near = listener(ConnectOptions.of(Version.MQTT_5, local, "near"), inbox)) {
            remote.grant(3);
            configureBridge(
                    "b",
                    Map.of(
                            "server",
                            "mqtt://127.0.0.1:" + remote.port(),
                            "protocol",
                            protocol,
                            "subscribe.in",
                            "in/# -> here/{#}" + ON_DEMAND));
            awaitConnected("b");
            for (int i = 0; i < 3; i++) {
                near.subscribe("here/" + i, 1);
            }
            eventually(() -> assertThat(remote.filters()).containsExactlyInAnyOrder("in/0", "in/1", "in/2"));
            near.subscribe("here/3", 1);
            eventually(() -> assertThat(remote.filters()).containsExactly("in/#"));
            awaitSubscribedThere("in/#");

            for (int i = 0; i < 4; i++) {
                remote.send("in/" + i, String.valueOf(i));
            }
            eventually(() -> assertThat(inbox).extracting(Received::text).containsExactlyElementsOf(numbers(4)));
            assertThat(bridge("b").orElseThrow().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        }
    }

    @Test(timeout = 120_000)
    public void bringsWhatIsRetainedThereToWhoSubscribesHere() throws Exception {
        List<Received> first = new CopyOnWriteArrayList<>();
        List<Received> second = new CopyOnWriteArrayList<>();
        try (MosquittoProcess remote = MosquittoProcess.start();
                Client far = Client.connect(Version.MQTT_5, remote.port(), "far");
                Client one = listener(ConnectOptions.of(Version.MQTT_5, local, "one"), first);
                Client two = listener(ConnectOptions.of(Version.MQTT_5, local, "two"), second)) {
            far.publish("in/r", 1, true, "as it stands".getBytes(UTF_8)).get(10, TimeUnit.SECONDS);
            bridgeTo(remote, Version.MQTT_5, ON_DEMAND);

            one.subscribe("here/r", 1);
            eventually(() -> assertThat(first)
                    .extracting(Received::text, Received::retain)
                    .containsExactly(tuple("as it stands", false)));
            two.subscribe("here/r", 1);
            eventually(() -> assertThat(second)
                    .extracting(Received::text, Received::retain)
                    .containsExactly(tuple("as it stands", true)));
        }
    }
}
