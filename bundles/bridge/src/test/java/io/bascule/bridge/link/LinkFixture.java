/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Delivery;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.bridge.retained.Remembered;
import io.bascule.bridge.route.Route;
import io.bascule.bridge.route.RouteParser;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.resource.ResourceScope;
import io.bascule.spi.BridgeInterceptor;
import io.bascule.spi.Credentials;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A link between a session and a connection of which the test is the other end. */
abstract class LinkFixture {
    final FakeRemote remote = new FakeRemote();
    final FakeBroker broker = new FakeBroker();
    final ResourceScope scope = new ResourceScope("bridge test");
    final Map<String, String> file = new HashMap<>(
            Map.of("server", "mqtt://remote", "forward.up", "up/# -> far/{#}", "subscribe.down", "down/# -> near/{#}"));
    static final CredentialSource NO_CREDENTIALS =
            giving(() -> new Credentials(Optional.empty(), Optional.empty(), Optional.empty()));
    CredentialSource credentials = NO_CREDENTIALS;
    final FakeInterception interceptors = new FakeInterception();
    /** At the first server. */
    final RemoteSession remoteSession = empty();

    /** At those after it. */
    final List<RemoteSession> furtherSessions = new ArrayList<>();

    BridgeDefinition definition;
    KnownSessions known;
    /** How often what is known was written down. */
    int kept;

    /** As it was then: what is known after a crash. */
    KnownSessions written;

    /** The disk is slow with it until this is complete; null where it is not. */
    CompletableFuture<Void> keeping;

    /** Where what the routes with retain=diff remember is kept. */
    Optional<Path> retainedFile = Optional.empty();

    Optional<Remembered> remembered = Optional.empty();
    final BrokerIds brokerIds = new BrokerIds();
    Optional<Budget> budget = Optional.empty();
    Link link;

    static CredentialSource giving(Supplier<Credentials> credentials) {
        return (server, good, bad) -> {
            good.accept(credentials.get());
            return () -> {};
        };
    }

    static CredentialSource refusing(String why) {
        return (server, good, bad) -> {
            bad.accept(why);
            return () -> {};
        };
    }

    /** Never answers by itself; who asks is in the list until he lets go. */
    static CredentialSource silent(List<Consumer<Credentials>> asking) {
        return (server, good, bad) -> {
            asking.add(good);
            return () -> asking.remove(good);
        };
    }

    /** One interceptor, or none. */
    static final class FakeInterception implements Interception {
        BridgeInterceptor only;

        @Override
        public boolean isNobody() {
            return only == null;
        }

        @Override
        public Optional<Message> cross(BridgeInterceptor.Way way, Message message) {
            return only.cross(way, message);
        }
    }

    /** Makes the link, which does nothing yet. */
    void build() {
        BridgeReader.Result read = BridgeReader.read("test", file);
        assertThat(read.errors()).isEmpty();
        definition = read.definition().orElseThrow();
        if (known == null) {
            known = known(definition);
        }
        remembered = Remembered.open(definition, retainedFile, remote.files(), remote.loop::nanoTime);
        link = new Link(
                definition,
                known,
                () -> {
                    kept++;
                    written = known.before(List.of());
                    return keeping == null ? CompletableFuture.completedFuture(null) : keeping;
                },
                brokerIds,
                remote,
                broker,
                (server, good, bad) -> credentials.next(server, good, bad),
                interceptors,
                budget,
                remembered,
                scope,
                remote.loop::nanoTime);
    }

    void start() {
        build();
        link.start();
        remote.loop.runTasks();
        if (broker.opening != null) {
            broker.opened(remote.loop); // to subscribe it
            assertThat(broker.session.open).isFalse();
            broker.options = null;
            broker.told.clear();
        }
    }

    /** One that is subscribed to nothing and holds nothing. */
    static RemoteSession empty() {
        return new RemoteSession(List.of(), RemoteSession.ALL, new BitSet());
    }

    private KnownSessions known(BridgeDefinition definition) {
        List<RemoteSession> sessions = new ArrayList<>(List.of(remoteSession));
        while (sessions.size() < definition.servers().all().size()) {
            furtherSessions.add(empty());
            sessions.add(furtherSessions.get(furtherSessions.size() - 1));
        }
        return new KnownSessions(sessions, sessions.size() == 1 ? OptionalInt.of(0) : OptionalInt.empty());
    }

    void connect() {
        connect(ServerProperties.NONE);
    }

    void connect(ServerProperties properties) {
        start();
        establish(true, properties);
    }

    void establish(boolean remotePresent, ServerProperties properties) {
        remote.open();
        remote.connAck(remotePresent, properties);
        broker.opened(remote.loop);
        remote.subAck();
        remote.pubComp();
        assertThat(status().state()).isEqualTo(BridgeStatus.State.CONNECTED);
        remote.sent.clear();
        broker.told.removeIf(line -> line.startsWith("subscribe") || line.startsWith("endSession"));
    }

    void reconnect(boolean remotePresent) {
        remote.close("lost");
        comeBack(remotePresent, ServerProperties.NONE);
    }

    void comeBack(boolean remotePresent, ServerProperties properties) {
        remote.loop.advance(Duration.ofMinutes(1));
        broker.told.clear();
        establish(remotePresent, properties);
    }

    CompletableFuture<Void> stop() {
        CompletableFuture<Void> stopped = link.close();
        remote.loop.runTasks();
        return stopped;
    }

    void assertNothingLeft() {
        scope.close();
        remote.loop.runTasks();
        assertThat(scope.live()).isZero();
        assertThat(scope.ledger().failures()).isEmpty();
        assertThat(remote.loop.timers()).isZero();
    }

    void settle(ReasonCode reason) {
        remote.loop.run(() -> {
            List<Consumer<ReasonCode>> due = List.copyOf(broker.owed);
            broker.owed.clear();
            due.forEach(outcome -> outcome.accept(reason));
        });
    }

    void deliver(String topic, QoS qos, int packetId, boolean dup) {
        deliver(message(topic, qos), packetId, dup);
    }

    void deliver(Message message, int packetId, boolean dup) {
        broker.deliver(remote.loop, new Delivery(packetId, message, message.qos(), false, dup, new int[] {1}));
    }

    void deliverRetained(String topic) {
        Message message = message(topic, QoS.AT_MOST_ONCE).withRetain(true);
        broker.deliver(remote.loop, new Delivery(0, message, QoS.AT_MOST_ONCE, true, false, new int[] {1}));
    }

    static Message message(String topic, QoS qos) {
        return Message.of(Topic.of(topic), new byte[] {1}, qos, false);
    }

    static ServerProperties limited(int maximumQos, int receiveMaximum, boolean retain) {
        return new ServerProperties(
                OptionalLong.empty(),
                receiveMaximum,
                maximumQos,
                retain,
                OptionalLong.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                true,
                true,
                true,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    Route route(String name) {
        return RouteParser.parse(Direction.SUBSCRIBE, name, file.get("subscribe." + name));
    }

    BridgeStatus status() {
        return link.status(Optional.empty(), List.of());
    }

    void assertBooks(String route, long received, long forwarded, Map<String, Long> dropped) {
        BridgeStatus.Route books = status().routes().stream()
                .filter(each -> each.name().equals(route))
                .findFirst()
                .orElseThrow();
        assertThat(books.received()).as("received").isEqualTo(received);
        assertThat(books.forwarded()).as("forwarded").isEqualTo(forwarded);
        assertThat(books.dropped()).isEqualTo(dropped);
    }
}
