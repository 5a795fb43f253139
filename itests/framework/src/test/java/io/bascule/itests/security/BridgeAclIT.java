/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge;
import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Peer;
import io.bascule.itests.support.Flow;
import io.bascule.spi.Authorizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What a bridge may do in its own broker, while its clients may do everything. */
public class BridgeAclIT extends SecurityContract {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final int EDITS = 15;
    private static final int PER_SECOND = 100;
    private static final int BETWEEN_EDITS = 20;

    private final BlockingQueue<String> there = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> here = new LinkedBlockingQueue<>();
    private final List<Client> clients = new ArrayList<>();
    private Path rights;
    private int free;
    private Peer peer;

    @Before
    public void openBothEnds() throws IOException {
        rights = folder.resolve("rights");
        configureListener(
                "free", Map.of("host", "127.0.0.1", "port", "0", "authenticators", "none", "authorizers", "none"));
        free = awaitOpen("free");
        peer = MosquittoProcess.start();
    }

    @After
    public void closePeer() {
        clients.forEach(Client::close);
        peer.close();
    }

    private Map<String, String> properties(String authorizers) {
        return properties(Version.MQTT_5, authorizers);
    }

    private Map<String, String> properties(Version version, String authorizers) {
        return Map.of(
                "server", "mqtt://127.0.0.1:" + peer.port(),
                "protocol", version.number(),
                "reconnect.min", "50ms",
                "reconnect.max", "200ms",
                "forward.out", "out/# -> there/{#}",
                "subscribe.in", "in/# -> here/{#}",
                "authorizers", authorizers);
    }

    private void openBridge(String authorizers) throws IOException {
        configureBridge("b", properties(authorizers));
        awaitConnected("b");
    }

    private Client client(String name, int itsPort) {
        Client client = Client.connect(Version.MQTT_5, itsPort, name);
        clients.add(client);
        return client;
    }

    private void listen() {
        Client far = Client.connect(
                ConnectOptions.of(Version.MQTT_5, peer.port(), "far ear"), message -> there.add(message.text()));
        far.subscribe("there/#", 2);
        Client near = Client.connect(
                ConnectOptions.of(Version.MQTT_5, free, "near ear"), message -> here.add(message.text()));
        near.subscribe("here/#", 2);
        clients.add(far);
        clients.add(near);
    }

    private static String next(BlockingQueue<String> texts) throws InterruptedException {
        return texts.poll(20, TimeUnit.SECONDS);
    }

    private long denied(String route) {
        return bridge("b")
                .flatMap(status -> status.routes().stream()
                        .filter(each -> each.name().equals(route))
                        .findFirst())
                .map(each -> each.dropped().getOrDefault("not-authorized", 0L))
                .orElse(0L);
    }

    private BridgeStatus.State state() {
        return bridge("b").orElseThrow().state();
    }

    // ---------------------------------------------------------------- denied

    @Test(timeout = 120_000)
    public void mayDoWhatItsLinesAllowWithMqtt5() throws Exception {
        mayDoWhatItsLinesAllow(Version.MQTT_5);
    }

    @Test(timeout = 120_000)
    public void mayDoWhatItsLinesAllowWithMqtt311() throws Exception {
        mayDoWhatItsLinesAllow(Version.MQTT_3_1_1);
    }

    private void mayDoWhatItsLinesAllow(Version version) throws Exception {
        write(rights, "allow publish bridge=b here/ok\nallow receive bridge=b out/ok\nallow all user=b #\n");
        serve(ACL, "plant", rights);
        configureBridge("b", properties(version, "plant"));
        awaitConnected("b");
        listen();
        Client far = client("far", peer.port());
        Client near = client("near", free);

        for (int qos = 0; qos <= 2; qos++) {
            near.publish("out/secret", qos, "no");
            far.publish("in/secret", qos, "no");
        }
        near.publish("out/ok", 1, "yes");
        far.publish("in/ok", 1, "yes");

        assertThat(next(there)).isEqualTo("yes");
        assertThat(next(here)).isEqualTo("yes");
        eventually(() -> assertThat(denied("out") + " " + denied("in")).isEqualTo("3 3"));
        balances("b");
        assertThat(console("mqtt:bridge-info b")).contains("not-authorized 3");
        assertThat(console("mqtt:acl-test --bridge --publish b here/ok"))
                .contains("line 1: allow publish bridge=b here/ok", "Asked for bridge b.");
        assertThat(console("mqtt:acl-test --bridge --receive b out/secret")).contains("no");
        assertThat(there).isEmpty();
        assertThat(here).isEmpty();
    }

    @Test(timeout = 120_000)
    public void mayDoEverythingWhereItsFileSaysSo() throws Exception {
        write(rights, "deny all #\n");
        serve(ACL, "plant", rights);
        openBridge("none");
        listen();
        client("near", free).publish("out/x", 1, "out");
        client("far", peer.port()).publish("in/x", 1, "in");
        assertThat(next(there)).isEqualTo("out");
        assertThat(next(here)).isEqualTo("in");
    }

    @Test(timeout = 120_000)
    public void isNotSentWhatWaitedOrIsRetainedWhenTheRightIsTakenAway() throws Exception {
        write(rights, "allow all bridge=b #\n");
        serve(ACL, "plant", rights);
        openBridge("plant");
        listen();
        Client near = client("near", free);
        control("b").pause(Bridge.Direction.FORWARD).toCompletableFuture().get(10, TimeUnit.SECONDS);
        near.publish("out/secret", 1, "queued");
        near.publish("out/secret", 2, "queued");
        near.publish("out/ok", 1, "after");
        write(rights, "deny receive out/secret\nallow all bridge=b #\n");
        eventually(
                "the right is gone",
                () -> console("mqtt:acl-test --bridge --receive b out/secret").contains("line 1: deny"));
        control("b").resume(Bridge.Direction.FORWARD).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(next(there)).isEqualTo("after");
        assertThat(denied("out")).isEqualTo(2);

        deleteBridge("b");
        eventually("it is gone", () -> bridge("b").isEmpty());
        retain(near, "out/secret", "secret");
        retain(near, "out/ok", "retained");
        configureBridge("again", properties("plant"));
        write(rights, "deny receive out/secret\nallow all bridge=again #\n");
        awaitConnected("again");
        assertThat(next(there)).isEqualTo("retained");
        assertThat(there).isEmpty();
        retain(near, "out/secret", "");
        retain(near, "out/ok", "");
    }

    private static void retain(Client client, String topic, String text) throws Exception {
        client.publish(topic, 1, true, text.getBytes(UTF_8)).get(10, TimeUnit.SECONDS);
    }

    @Test(timeout = 120_000)
    public void subscribesAsSoonAsItMay() throws Exception {
        write(rights, "allow publish bridge=b here/#\n");
        serve(ACL, "plant", rights);
        configureBridge("b", properties("plant"));
        eventually("it is degraded", () -> bridge("b").isPresent() && state() == BridgeStatus.State.DEGRADED);
        assertThat(bridge("b").orElseThrow().lastError()).hasValue("the bridge may not receive out/# from this broker");
        listen();
        client("far", peer.port()).publish("in/x", 1, "in");
        assertThat(next(here)).isEqualTo("in");

        write(rights, "allow all bridge=b #\n");
        awaitConnected("b");
        client("near", free).publish("out/x", 1, "out");
        assertThat(next(there)).isEqualTo("out");
    }

    // ---------------------------------------------------------------- undecided

    private List<Flow> flows() {
        List<Flow> flows = new ArrayList<>();
        for (int qos = 1; qos <= 2; qos++) {
            flows.add(flow("out " + qos, qos, new Flow.Way(free, "out/" + qos, peer.port(), "there/" + qos)));
            flows.add(flow("in " + qos, qos, new Flow.Way(peer.port(), "in/" + qos, free, "here/" + qos)));
        }
        return flows;
    }

    private static Flow flow(String name, int qos, Flow.Way way) {
        return new Flow(name, Version.MQTT_5, qos, way);
    }

    private interface Scene {
        void play(List<Flow> flows) throws Exception;
    }

    private void underLoad(Scene scene) throws Exception {
        List<Flow> flows = flows();
        try {
            flows.forEach(flow -> flow.start(PER_SECOND));
            scene.play(flows);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + flows + "\n" + bridge("b") + "\n" + broker.sessions(), e);
        } finally {
            flows.forEach(Flow::close);
        }
    }

    private void edit(int ranking) throws IOException {
        configure(ACL, "plant", Map.of("file", rights.toString(), "ranking", String.valueOf(ranking)));
        eventually(
                "the ACL of ranking " + ranking + " decides",
                () -> !context.getServiceReferences(Authorizer.class, "(service.ranking=" + ranking + ")")
                        .isEmpty());
    }

    @Test(timeout = 180_000)
    public void losesNothingWhileItsRightsAreEdited() throws Exception {
        write(rights, "allow all bridge=b #\n");
        edit(0);
        openBridge("plant");
        underLoad(flows -> {
            for (int i = 1; i <= EDITS; i++) {
                edit(i);
                write(rights, "deny all bridge=b other/" + i + "\nallow all bridge=b #\n");
                flows.forEach(flow -> flow.awaitMore(BETWEEN_EDITS));
            }
            flows.forEach(Flow::stop);
            flows.forEach(flow -> flow.awaitExact(TO_ARRIVE));
        });
    }

    @Test(timeout = 180_000)
    public void losesNothingWhileItsAclIsAway() throws Exception {
        write(rights, "allow all bridge=b #\n");
        serve(ACL, "plant", rights);
        openBridge("plant");
        underLoad(flows -> {
            flows.forEach(flow -> flow.awaitMore(BETWEEN_EDITS));
            delete(ACL, "plant");
            eventually("it waits", () -> state() == BridgeStatus.State.DEGRADED);
            assertThat(bridge("b").orElseThrow().lastError().orElseThrow()).endsWith("plant");
            assertThat(console("mqtt:bridges")).contains("missing is the authorizer plant");
            int before = flows.get(0).books().received();
            int sent = flows.get(0).books().sent();
            eventually("more is sent", () -> flows.get(0).books().sent() > sent + BETWEEN_EDITS);
            assertThat(flows.get(0).books().received()).isBetween(before, before + BETWEEN_EDITS);
            assertThat(denied("out") + denied("in")).isZero();

            configure(ACL, "plant", Map.of("file", rights.toString()));
            awaitConnected("b");
            flows.forEach(flow -> flow.awaitMore(BETWEEN_EDITS));
            flows.forEach(Flow::stop);
            flows.forEach(flow -> flow.awaitExact(TO_ARRIVE));
        });
    }

    /** The positive control: what is denied is lost, and is seen to be. */
    @Test(timeout = 120_000)
    public void losesWhatIsDenied() throws Exception {
        write(rights, "allow all bridge=b #\n");
        serve(ACL, "plant", rights);
        openBridge("plant");
        underLoad(flows -> {
            flows.forEach(flow -> flow.awaitMore(BETWEEN_EDITS));
            write(rights, "deny all bridge=b out/1\ndeny all bridge=b here/2\nallow all bridge=b #\n");
            eventually(() -> assertThat(Math.min(denied("out"), denied("in"))).isGreaterThan(BETWEEN_EDITS));
            write(rights, "allow all bridge=b #\n");
            flows.forEach(flow -> flow.awaitMore(BETWEEN_EDITS));
            flows.forEach(Flow::stop);
            Flow out1 = flows.get(0);
            Flow in2 = flows.get(3);
            eventually(() -> assertThat(out1.books().lost() + " " + in2.books().lost())
                    .isEqualTo(denied("out") + " " + denied("in")));
            flows.get(1).awaitExact(TO_ARRIVE);
            flows.get(2).awaitExact(TO_ARRIVE);
        });
    }
}
