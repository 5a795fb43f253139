/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.kill;

import io.bascule.itests.kill.Finding.Fault;
import io.bascule.itests.support.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What goes on at a broker that is killed, between clients that remember. Numbers at QoS 1 and at QoS 2 go, each, to a client that is always
 * there, to one that comes and goes, to one that comes only at the end, and over a bridge to another broker. Beside them are retained
 * messages, and a client that subscribes and unsubscribes.
 */
final class Traffic implements AutoCloseable {
    /** The routes of the bridge that it takes to be there. */
    static final String ROUTES = """
            forward.one = kill/1 -> far/1
            forward.two = kill/2 -> far/2
            """;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    private static final Duration TO_BEGIN = Duration.ofSeconds(60);

    private final int port;
    private final List<Numbers> streams = new ArrayList<>();
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Receiver> receivers = new ArrayList<>();
    private final List<Subscriber> comingAndGoing = new ArrayList<>();
    private final List<Subscriber> comingAtTheEnd = new ArrayList<>();
    private final Retained retained = new Retained();
    private final Publisher retaining;
    private final Subscriptions subscriptions;

    /** Connects nothing yet. */
    Traffic(int port, int farPort) {
        this.port = port;
        this.retaining = new Publisher(port, "retains", retained, 1, true);
        this.subscriptions = new Subscriptions(port);
        for (int qos = 1; qos <= 2; qos++) {
            Numbers stream = new Numbers("kill/" + qos);
            streams.add(stream);
            publishers.add(new Publisher(port, "publishes at QoS " + qos, stream, qos, false));
            receive("always there", port, "kill/" + qos, qos, stream);
            comingAndGoing.add(receive("comes and goes", port, "kill/" + qos, qos, stream));
            comingAtTheEnd.add(receive("comes at the end", port, "kill/" + qos, qos, stream));
            receive("behind the bridge", farPort, "far/" + qos, qos, stream);
        }
    }

    private Subscriber receive(String name, int where, String filter, int qos, Numbers stream) {
        Receiver receiver = new Receiver(name + ", QoS " + qos, where, filter, qos, stream.open());
        receivers.add(receiver);
        return receiver.subscriber();
    }

    /** Subscribes, begins to publish, and returns when something of everything is acknowledged: sessions last from there on. */
    void start() {
        receivers.forEach(receiver -> receiver.subscriber().awaitSubscribed());
        comingAtTheEnd.forEach(Subscriber::leave);
        publishing().forEach(publisher -> {
            publisher.open();
            publisher.start(PAUSE_NANOS);
        });
        subscriptions.open();
        Eventually.eventually(TO_BEGIN, "everything is under way", this::isUnderWay);
    }

    private boolean isUnderWay() {
        return streams.stream().allMatch(stream -> stream.acknowledged() > 0)
                && retained.isOnAllTopics()
                && subscriptions.count() > 0;
    }

    private Stream<Publisher> publishing() {
        return Stream.concat(publishers.stream(), Stream.of(retaining));
    }

    /** Has those that come and go do so, or not. */
    void comeOrGo(Random random) {
        for (Subscriber subscriber : comingAndGoing) {
            if (random.nextBoolean()) {
                subscriber.open();
            } else {
                subscriber.leave();
            }
        }
    }

    /** How many messages are on their way. */
    int queued() {
        return receivers.stream().mapToInt(Receiver::queued).sum();
    }

    /** The broker has been killed: what is {@linkplain #check checked} when it is back is to be as it was until then. */
    void hold() {
        retaining.leave();
        subscriptions.pause();
    }

    /** The broker is back: what is wrong with its retained messages and subscriptions? */
    List<Finding> check(int round) {
        List<Finding> findings = new ArrayList<>();
        retained.check(port).forEach(wrong -> findings.add(new Finding(Fault.RETAINED, wrong)));
        retaining.open();
        subscriptions.check(port, round).forEach(wrong -> findings.add(new Finding(Fault.SUBSCRIPTION, wrong)));
        return findings;
    }

    /** Publishes no more, has everybody receive what waits, and says what is wrong in the books. */
    List<Finding> finish() throws InterruptedException {
        receivers.forEach(receiver -> receiver.subscriber().awaitSubscribed());
        for (Publisher publisher : publishing().toList()) {
            publisher.stop();
        }
        receivers.forEach(Receiver::drain);
        List<Finding> findings = new ArrayList<>();
        receivers.forEach(receiver -> findings.addAll(receiver.findings()));
        Stream.concat(publishing(), Stream.of(subscriptions))
                .filter(client -> client.sessionsLost() > 0)
                .forEach(client -> findings.add(new Finding(Fault.SESSION, client.sessionsLost() + " at " + client)));
        return findings;
    }

    @Override
    public void close() {
        publishing().forEach(Publisher::close);
        receivers.forEach(Receiver::close);
        subscriptions.close();
    }

    @Override
    public String toString() {
        return receivers.stream().map(Receiver::toString).collect(Collectors.joining("\n")) + "\nretained: "
                + retained.sent() + " sent\nsubscriptions: " + subscriptions.count();
    }
}
