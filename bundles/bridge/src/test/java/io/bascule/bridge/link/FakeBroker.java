/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Broker;
import io.bascule.api.BrokerInfo;
import io.bascule.api.Delivery;
import io.bascule.api.Interest;
import io.bascule.api.LimitInfo;
import io.bascule.api.QueueInfo;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueuedMessage;
import io.bascule.api.Receiver;
import io.bascule.api.Session;
import io.bascule.api.SessionInfo;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.api.SubscriptionInfo;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A broker that notes what its one session is told, and answers when the test says so. */
public final class FakeBroker implements Broker {
    /** Those that it has, for whoever asks. */
    public final List<SessionInfo> sessions = new ArrayList<>();

    /** What the session was told, one line each. */
    final List<String> told = new ArrayList<>();

    /** What happens at once when the session is told something, by the line. */
    private final Map<String, Runnable> reactions = new HashMap<>();

    /** What was published, ever. */
    final List<Message> published = new ArrayList<>();

    /** What was published for the host, ever, with what is owed for each. */
    final List<Message> hosted = new ArrayList<>();

    final List<CompletableFuture<ReasonCode>> owedToHost = new ArrayList<>();

    final List<Subscription> subscriptions = new ArrayList<>();
    /** Outcomes that are still owed, in order. */
    final List<Consumer<ReasonCode>> owed = new ArrayList<>();

    /** Who may be told that a QoS 0 message was refused. */
    final List<Consumer<ReasonCode>> owedOfQos0 = new ArrayList<>();

    /** Who is missing to say what its session may do. */
    List<String> missingAuthorizers = List.of();

    /** With what an UNSUBSCRIBE of nothing is answered, once everything before it is kept; at once where there is none. */
    CompletableFuture<List<ReasonCode>> whenKept;
    /** Of what it is to be subscribed to, what it may not be. */
    final List<TopicFilter> denied = new ArrayList<>();

    /** What may wait in a session that does not say. */
    QueueLimits queueLimits =
            new QueueLimits(100_000, 256 << 20, QueueLimits.ANY_AGE, QueueLimits.Overflow.DROP_NEWEST);

    /** How full its session is. */
    QueueInfo queue = QueueInfo.NONE;

    /** What is subscribed to in it, whatever the range. */
    private final Set<TopicFilter> subscribedHere = new LinkedHashSet<>();

    final List<FakeInterest> interests = new ArrayList<>();

    /** What is retained, by topic. */
    final Map<String, Message> retained = new TreeMap<>();

    /** How a topic was asked for, in order. */
    final List<Topic> asked = new ArrayList<>();

    private int lastPacketId = 1000;

    String id = "here";
    SessionOptions options;
    SessionListener listener;
    boolean present = true;
    CompletableFuture<Session> opening;
    FakeSession session;

    @Override
    public String id() {
        return id;
    }

    @Override
    public CompletionStage<Session> open(SessionOptions newOptions, SessionListener newListener) {
        options = newOptions;
        listener = newListener;
        opening = new CompletableFuture<>();
        return opening;
    }

    /** What it was asked to open last. */
    public Optional<SessionOptions> options() {
        return Optional.ofNullable(options);
    }

    /** What the session was told, one line each. */
    public List<String> told() {
        return told;
    }

    /** Has this happen when the session is told that. */
    void whenTold(String line, Runnable reaction) {
        reactions.put(line, reaction);
    }

    /** Lets the session that was asked for come about. */
    public void opened(FakeEventLoop loop) {
        session = new FakeSession(present);
        present = true;
        loop.run(() -> opening.complete(session));
    }

    void deliver(FakeEventLoop loop, Delivery delivery) {
        loop.run(() -> listener.message(delivery));
    }

    /** Somebody subscribes here. */
    void subscribeHere(FakeEventLoop loop, String... filters) {
        loop.run(() -> change(() -> Stream.of(filters).map(TopicFilter::of).forEach(subscribedHere::add)));
    }

    /** The last one who did unsubscribes. */
    void unsubscribeHere(FakeEventLoop loop, String... filters) {
        loop.run(() -> change(() -> Stream.of(filters).map(TopicFilter::of).forEach(subscribedHere::remove)));
    }

    private void change(Runnable change) {
        change.run();
        List.copyOf(interests).forEach(FakeInterest::tell);
    }

    @Override
    public Interest interest(TopicFilter range, String exceptClientId, Executor executor, Runnable changed) {
        FakeInterest interest = new FakeInterest(range, exceptClientId, executor, changed);
        interests.add(interest);
        return interest;
    }

    final class FakeInterest implements Interest {
        final TopicFilter range;
        final String exceptClientId;
        private final Executor executor;
        private final Runnable changed;
        private boolean told = true;

        FakeInterest(TopicFilter range, String exceptClientId, Executor executor, Runnable changed) {
            this.range = range;
            this.exceptClientId = exceptClientId;
            this.executor = executor;
            this.changed = changed;
        }

        private void tell() {
            if (!told) {
                told = true;
                executor.execute(changed);
            }
        }

        @Override
        public Optional<Set<TopicFilter>> filters(int atMost) {
            told = false;
            Set<TopicFilter> here = subscribedHere.stream()
                    .filter(range::overlaps)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            return here.size() > atMost ? Optional.empty() : Optional.of(here);
        }

        @Override
        public void close() {
            interests.remove(this);
        }
    }

    @Override
    public CompletionStage<ReasonCode> publish(Message message) {
        hosted.add(message);
        CompletableFuture<ReasonCode> outcome = new CompletableFuture<>();
        owedToHost.add(outcome);
        return outcome;
    }

    @Override
    public CompletionStage<Boolean> endSession(String clientId) {
        told.add("endSession " + clientId);
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletionStage<List<QueuedMessage>> queued(String clientId, long from, int atMost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Integer> purge(String clientId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<SessionInfo> sessions() {
        return sessions;
    }

    @Override
    public List<SubscriptionInfo> subscriptions() {
        return List.of();
    }

    @Override
    public CompletionStage<Boolean> disconnect(String clientId, ReasonCode reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<SessionInfo> session(String clientId) {
        return sessions.stream()
                .filter(session -> session.clientId().equals(clientId))
                .findFirst();
    }

    @Override
    public List<Receiver> receivers(Topic topic) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Message> retained(TopicFilter filter, int atMost) {
        return retained.values().stream()
                .filter(message -> filter.matches(message.topic()))
                .limit(atMost)
                .toList();
    }

    @Override
    public Optional<Message> retained(Topic topic) {
        return Optional.ofNullable(retained.get(topic.name()));
    }

    /** Is retained from now on, and sent to nobody. */
    void retain(Message message) {
        if (message.payload().length == 0) {
            retained.remove(message.topic().name());
        } else {
            retained.put(message.topic().name(), message.withRetain(true));
        }
    }

    @Override
    public CompletionStage<Integer> deleteRetained(TopicFilter filter) {
        throw new UnsupportedOperationException();
    }

    @Override
    public QueueLimits queueLimits() {
        return queueLimits;
    }

    @Override
    public List<LimitInfo> limits() {
        throw new UnsupportedOperationException();
    }

    @Override
    public BrokerInfo info() {
        throw new UnsupportedOperationException();
    }

    final class FakeSession implements Session {
        private final boolean present;
        boolean open = true;
        boolean ready = true;

        FakeSession(boolean present) {
            this.present = present;
        }

        private void note(String what) {
            if (open) {
                told.add(what);
                reactions.getOrDefault(what, () -> {}).run();
            }
        }

        private static String with(ReasonCode reason) {
            return reason == ReasonCode.SUCCESS ? "" : " " + reason.name();
        }

        @Override
        public String clientId() {
            return options.clientId();
        }

        @Override
        public boolean present() {
            return present;
        }

        @Override
        public Executor executor() {
            return options.executor().orElseThrow();
        }

        @Override
        public CompletionStage<List<ReasonCode>> subscribe(List<Subscription> added) {
            added.forEach(subscription -> note("subscribe " + subscription.filter()));
            added.forEach(
                    subscription -> subscriptions.removeIf(old -> old.filter().equals(subscription.filter())));
            added.stream().filter(subscription -> !isDenied(subscription)).forEach(subscriptions::add);
            return CompletableFuture.completedFuture(added.stream()
                    .map(subscription -> isDenied(subscription) ? ReasonCode.NOT_AUTHORIZED : ReasonCode.SUCCESS)
                    .toList());
        }

        private boolean isDenied(Subscription subscription) {
            return denied.contains(subscription.filter());
        }

        @Override
        public CompletionStage<List<ReasonCode>> unsubscribe(List<TopicFilter> filters) {
            if (filters.isEmpty() && whenKept != null) {
                return whenKept;
            }
            filters.forEach(filter -> note("unsubscribe " + filter));
            subscriptions.removeIf(subscription -> filters.contains(subscription.filter()));
            return CompletableFuture.completedFuture(
                    filters.stream().map(filter -> ReasonCode.SUCCESS).toList());
        }

        @Override
        public CompletionStage<List<Subscription>> subscriptions() {
            return CompletableFuture.completedFuture(List.copyOf(subscriptions));
        }

        @Override
        public void publish(int packetId, Message message, boolean dup, Consumer<ReasonCode> acknowledged) {
            published.add(message);
            note("publish " + message.topic() + " q" + message.qos().level() + (message.retain() ? " retain" : "")
                    + " #" + packetId + (dup ? " dup" : ""));
            (packetId == 0 ? owedOfQos0 : owed).add(acknowledged);
        }

        @Override
        public void pubrel(int packetId, Consumer<ReasonCode> completed) {
            note("pubrel #" + packetId);
            owed.add(completed);
        }

        /** Sends it at once, as a session does in which nothing waits. */
        @Override
        public void sendRetained(TopicFilter subscribed, Topic topic) {
            Subscription subscription = subscriptions.stream()
                    .filter(each -> each.filter().equals(subscribed))
                    .findFirst()
                    .orElseThrow();
            asked.add(topic);
            Message message = retained(topic).orElseGet(() -> Message.empty(topic, QoS.AT_LEAST_ONCE, true));
            QoS qos = subscription.delivered(message.qos());
            int packetId = qos == QoS.AT_MOST_ONCE ? 0 : ++lastPacketId;
            listener.message(new Delivery(packetId, message, qos, true, false, new int[] {subscription.identifier()}));
        }

        @Override
        public void puback(int packetId, ReasonCode reason) {
            note("puback #" + packetId + with(reason));
        }

        @Override
        public void pubrec(int packetId, ReasonCode reason) {
            note("pubrec #" + packetId + with(reason));
        }

        @Override
        public void pubcomp(int packetId) {
            note("pubcomp #" + packetId);
        }

        @Override
        public void forgetReceived() {
            note("forgetReceived");
        }

        @Override
        public void ready(boolean nowReady) {
            ready = nowReady;
            reactions.getOrDefault("ready " + nowReady, () -> {}).run();
        }

        @Override
        public List<String> missingAuthorizers() {
            return missingAuthorizers;
        }

        @Override
        public QueueInfo queue() {
            return queue;
        }

        @Override
        public void close() {
            note("close");
            open = false;
        }

        @Override
        public void end() {
            note("end");
            open = false;
        }
    }
}
