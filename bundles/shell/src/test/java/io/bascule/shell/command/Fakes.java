/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Bridge;
import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeHistory;
import io.bascule.api.BridgePacket;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.api.BrokerInfo;
import io.bascule.api.Interest;
import io.bascule.api.LimitInfo;
import io.bascule.api.Listener;
import io.bascule.api.ListenerStatus;
import io.bascule.api.PacketTrace;
import io.bascule.api.QueueInfo;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueuedMessage;
import io.bascule.api.Receiver;
import io.bascule.api.Session;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.Store;
import io.bascule.api.Subscription;
import io.bascule.api.SubscriptionInfo;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Services that stand still. */
public final class Fakes {
    private Fakes() {}

    public static Services services(FakeBroker broker, Bridge... bridges) {
        return new Services(
                Optional.of(broker),
                List.of(
                        listener("plain", ListenerStatus.State.OPEN, Optional.empty()),
                        listener("inner", ListenerStatus.State.RETRYING, Optional.of("Address already in use"))),
                List.of(bridges),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                SecurityServices.NONE);
    }

    /** With this history of bridges, and no bridge. */
    static Services services(BridgeHistory history) {
        return new Services(
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.of(history),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                SecurityServices.NONE);
    }

    public static Services stopped() {
        return stopped(Optional.empty());
    }

    /** With this store, and no broker. */
    static Services stopped(Optional<Store> store) {
        return new Services(
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                store,
                SecurityServices.NONE);
    }

    public static FakeBridge bridge(String name, BridgeStatus.State state, BridgeStatus.Route... routes) {
        return bridge(name, state, Optional.empty(), routes);
    }

    /** One whose file is not valid. */
    static FakeBridge misconfigured(String name, BridgeStatus.State state) {
        return bridge(name, state, Optional.of("CONFIG_INVALID: asked for …"));
    }

    private static FakeBridge bridge(
            String name, BridgeStatus.State state, Optional<String> configurationError, BridgeStatus.Route... routes) {
        BridgeStatus status = new BridgeStatus(
                name,
                state,
                Instant.EPOCH,
                Set.of(Direction.FORWARD),
                "mqtt://far:1883",
                Optional.of("10.0.0.2:1883"),
                Optional.of(Duration.ofMillis(12)),
                "gateway-7",
                "5.0",
                Optional.of("Connection refused"),
                configurationError,
                List.of(),
                new QueueInfo(4, 2048, Optional.of(Duration.ofSeconds(7)), 1, 0, 3),
                List.of(routes));
        return new FakeBridge(status);
    }

    /** Notes what is asked of it, and answers with {@link #answer}. */
    public static final class FakeBridge implements Bridge {
        final List<String> calls = new ArrayList<>();
        /** What a trace shows before it ends. */
        final List<BridgePacket> packets = new ArrayList<>();

        List<TopicFilter> subscribedThere = List.of(TopicFilter.of("plant7/cmd/#"));
        CompletionStage<Void> answer = CompletableFuture.completedFuture(null);
        private final BridgeStatus status;

        private FakeBridge(BridgeStatus status) {
            this.status = status;
        }

        @Override
        public BridgeStatus status() {
            return status;
        }

        @Override
        public List<TopicFilter> subscribedThere() {
            return subscribedThere;
        }

        @Override
        public CompletionStage<Void> stop() {
            calls.add("stop");
            return answer;
        }

        @Override
        public CompletionStage<Void> start() {
            calls.add("start");
            return answer;
        }

        @Override
        public CompletionStage<Void> pause(Direction direction) {
            calls.add("pause " + direction);
            return answer;
        }

        @Override
        public CompletionStage<Void> resume(Direction direction) {
            calls.add("resume " + direction);
            return answer;
        }

        @Override
        public CompletionStage<Void> reconnect() {
            calls.add("reconnect");
            return answer;
        }

        @Override
        public CompletionStage<Long> drain() {
            calls.add("drain");
            return answer.thenApply(nothing -> 5L);
        }

        @Override
        public PacketTrace trace(Consumer<BridgePacket> consumer) {
            calls.add("trace");
            packets.forEach(consumer);
            return new PacketTrace() {
                @Override
                public boolean isOpen() {
                    return false;
                }

                @Override
                public void close() {
                    calls.add("close");
                }
            };
        }
    }

    static SubscriptionInfo subscription(String clientId, String filter) {
        return new SubscriptionInfo(clientId, Subscription.of(TopicFilter.of(filter), QoS.AT_LEAST_ONCE));
    }

    static BrokerInfo info(long received, long delivered, long queueFull) {
        return new BrokerInfo(
                "1.2.3",
                Instant.EPOCH,
                1,
                2,
                3,
                4,
                5,
                6000,
                received,
                delivered,
                Map.of("queue-full", queueFull, "expired", 0L),
                7_000,
                Optional.of("No space left on device"));
    }

    static SessionInfo client(String clientId, boolean connected) {
        return client(clientId, connected, 0, 5, 6);
    }

    static SessionInfo client(
            String clientId, boolean connected, long sessionExpiryInterval, long received, long delivered) {
        Optional<String> origin = connected ? Optional.of("5.0 10.0.0.1:4711") : Optional.empty();
        return new SessionInfo(
                clientId,
                connected,
                Optional.empty(),
                origin,
                connected ? Optional.of("plain") : Optional.empty(),
                Instant.EPOCH,
                60,
                sessionExpiryInterval,
                1,
                new QueueInfo(2, 300, Optional.of(Duration.ofSeconds(7)), 1, 0, 0),
                received,
                delivered,
                2);
    }

    private static Listener listener(String name, ListenerStatus.State state, Optional<String> reason) {
        ListenerStatus status = new ListenerStatus(name, state, "127.0.0.1", 1883, 3, reason);
        return new Listener() {
            @Override
            public ListenerStatus status() {
                return status;
            }

            @Override
            public List<LimitInfo> limits() {
                return List.of(new LimitInfo("max.packet.size", "listener " + name, "16MiB", 2));
            }
        };
    }

    /** Answers every publish with {@link #answer}, and hands out one session. */
    public static final class FakeBroker implements Broker {
        CompletionStage<ReasonCode> answer = CompletableFuture.completedFuture(ReasonCode.SUCCESS);
        final FakeSession session = new FakeSession();
        final List<Message> published = new ArrayList<>();
        final List<SessionInfo> sessions = new ArrayList<>();
        final List<SubscriptionInfo> subscriptions = new ArrayList<>();
        final List<Receiver> receivers = new ArrayList<>();
        final List<Message> retained = new ArrayList<>();
        final List<LimitInfo> limits = new ArrayList<>();
        final List<QueuedMessage> queued = new ArrayList<>();
        final List<String> calls = new ArrayList<>();
        BrokerInfo info = Fakes.info(7, 8, 9);
        volatile SessionOptions options;
        volatile SessionListener listener;

        @Override
        public String id() {
            return "here";
        }

        @Override
        public CompletionStage<Session> open(SessionOptions wanted, SessionListener told) {
            options = wanted;
            listener = told;
            return CompletableFuture.completedFuture(session);
        }

        @Override
        public CompletionStage<ReasonCode> publish(Message message) {
            published.add(message);
            return answer;
        }

        @Override
        public CompletionStage<Boolean> endSession(String clientId) {
            calls.add("end " + clientId);
            return CompletableFuture.completedFuture(
                    sessions.removeIf(each -> each.clientId().equals(clientId)));
        }

        @Override
        public CompletionStage<List<QueuedMessage>> queued(String clientId, long from, int atMost) {
            calls.add("queued " + clientId + " " + from + " " + atMost);
            return CompletableFuture.completedFuture(queued.stream()
                    .filter(each -> each.number() >= from)
                    .limit(atMost)
                    .toList());
        }

        @Override
        public CompletionStage<Integer> purge(String clientId) {
            calls.add("purge " + clientId);
            int purged = queued.size();
            queued.clear();
            return CompletableFuture.completedFuture(purged);
        }

        @Override
        public List<SessionInfo> sessions() {
            return sessions;
        }

        @Override
        public List<SubscriptionInfo> subscriptions() {
            return subscriptions;
        }

        @Override
        public CompletionStage<Boolean> disconnect(String clientId, ReasonCode reason) {
            calls.add("disconnect " + clientId + " " + reason.name());
            return CompletableFuture.completedFuture(
                    session(clientId).map(SessionInfo::connected).orElse(false));
        }

        @Override
        public Optional<SessionInfo> session(String clientId) {
            return sessions.stream()
                    .filter(each -> each.clientId().equals(clientId))
                    .findAny();
        }

        @Override
        public List<Receiver> receivers(Topic topic) {
            return receivers.stream()
                    .filter(each -> each.subscriptions().stream()
                            .anyMatch(subscription -> subscription.filter().matches(topic)))
                    .toList();
        }

        @Override
        public Optional<Message> retained(Topic topic) {
            return retained.stream()
                    .filter(message -> message.topic().equals(topic))
                    .findFirst();
        }

        @Override
        public List<Message> retained(TopicFilter filter, int atMost) {
            return retained.stream()
                    .filter(message -> filter.matches(message.topic()))
                    .sorted(Comparator.comparing(message -> message.topic().name()))
                    .limit(atMost)
                    .toList();
        }

        @Override
        public Interest interest(TopicFilter range, String exceptClientId, Executor executor, Runnable changed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Integer> deleteRetained(TopicFilter filter) {
            int before = retained.size();
            retained.removeIf(message -> filter.matches(message.topic()));
            return CompletableFuture.completedFuture(before - retained.size());
        }

        @Override
        public QueueLimits queueLimits() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<LimitInfo> limits() {
            return limits;
        }

        @Override
        public BrokerInfo info() {
            return info;
        }
    }

    /** Notes what it was told. */
    static final class FakeSession implements Session {
        final CountDownLatch subscribed = new CountDownLatch(1);
        final CountDownLatch ended = new CountDownLatch(1);
        final List<String> calls = Collections.synchronizedList(new ArrayList<>());
        volatile ReasonCode answer = ReasonCode.SUCCESS;

        @Override
        public CompletionStage<List<ReasonCode>> subscribe(List<Subscription> subscriptions) {
            calls.add("subscribe " + subscriptions.get(0).filter() + " "
                    + subscriptions.get(0).maximumQos().level());
            subscribed.countDown();
            return CompletableFuture.completedFuture(List.of(answer));
        }

        @Override
        public void puback(int packetId, ReasonCode reason) {
            calls.add("puback " + packetId);
        }

        @Override
        public void pubrec(int packetId, ReasonCode reason) {
            calls.add("pubrec " + packetId);
        }

        @Override
        public void pubcomp(int packetId) {
            calls.add("pubcomp " + packetId);
        }

        @Override
        public void end() {
            ended.countDown();
        }

        @Override
        public String clientId() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean present() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Executor executor() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<ReasonCode>> unsubscribe(List<TopicFilter> filters) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<Subscription>> subscriptions() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void publish(int packetId, Message message, boolean dup, Consumer<ReasonCode> acknowledged) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void pubrel(int packetId, Consumer<ReasonCode> completed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void ready(boolean ready) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sendRetained(TopicFilter subscribed, Topic topic) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void forgetReceived() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> missingAuthorizers() {
            throw new UnsupportedOperationException();
        }

        @Override
        public QueueInfo queue() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException("a console leaves no session behind");
        }
    }
}
