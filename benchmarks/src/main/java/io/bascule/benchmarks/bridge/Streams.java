/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Publishers and subscribers of one scene with their accounts, a client of its own for each end of each stream. */
final class Streams implements AutoCloseable {
    /** What the brokers here take unacknowledged from one client. */
    static final int WINDOW = 1000;

    /** QoS 1 and 2 messages that a bridge of Bascule has unacknowledged at most, by default. */
    static final int BRIDGE_WINDOW = 1024;

    /** Messages on their way at a time in a stream that is to be as fast as can be and yet to lose nothing. */
    static final int ON_THEIR_WAY = 200;

    private static final int WARM_UP_BYTES = 256;
    private static final int TO_CONNECT_SECONDS = 30;
    private static final int PROBES_PER_SECOND = 50;
    private static final int CHECK_MILLIS = 20;
    private static final int ANY = 65_535;

    private final int payloadBytes;
    private final List<Account> accounts = new ArrayList<>();
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();

    /** @param payloadBytes of each message, 16 or more */
    Streams(int payloadBytes) {
        this.payloadBytes = payloadBytes;
    }

    /** Waits until a bridge of {@code up/#} to {@code far/up/#} carries something, and then has it carry for so long all that it can. */
    static void warmUp(InetSocketAddress near, InetSocketAddress far, long millis)
            throws IOException, InterruptedException {
        // What comes before there is a bridge goes nowhere.
        try (Streams streams = new Streams(WARM_UP_BYTES)) {
            Account account = streams.add("probe", 1, new Way(near, "up/probe", far, "far/up/probe"));
            streams.start(PROBES_PER_SECOND);
            if (!await(TO_CONNECT_SECONDS, () -> account.received() > 0)) {
                throw new IOException("the bridge does not connect");
            }
            streams.stop();
        }
        try (Streams streams = new Streams(WARM_UP_BYTES)) {
            streams.add("warm-up", 1, new Way(near, "up/warm", far, "far/up/warm"));
            streams.startClosedLoop(ON_THEIR_WAY);
            Thread.sleep(millis);
            streams.stop();
            streams.awaitSettled(TO_CONNECT_SECONDS);
        }
    }

    /**
     * Where a stream begins and ends.
     *
     * @param topic at the one broker
     * @param arriving its topic at the other broker
     */
    record Way(InetSocketAddress from, String topic, InetSocketAddress to, String arriving) {}

    /** Connects both ends of a stream that sends nothing yet. */
    Account add(String name, int qos, Way way) throws IOException, InterruptedException {
        Account account = new Account(name, qos);
        // No session of an earlier phase is this one's.
        String clientId = name + '-' + qos + '-' + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        Subscriber subscriber =
                new Subscriber(way.to(), clientId + "-to", way.arriving(), qos, ANY, Map.of(way.arriving(), account));
        subscribers.add(subscriber);
        subscriber.open();
        Publisher publisher = new Publisher(way.from(), clientId + "-from", way.topic(), account, payloadBytes, WINDOW);
        publishers.add(publisher);
        publisher.open();
        accounts.add(account);
        return account;
    }

    List<Account> accounts() {
        return accounts;
    }

    /** Begins to publish so many messages a second in each stream. */
    void start(double rate) {
        publishers.forEach(publisher -> publisher.start(rate));
    }

    /** The same in the streams of this name alone. */
    void start(String name, double rate) {
        for (int i = 0; i < publishers.size(); i++) {
            if (accounts.get(i).name().equals(name)) {
                publishers.get(i).start(rate);
            }
        }
    }

    /** Publishes so many messages in each stream, as fast as they are acknowledged, and returns when all are written. */
    void publish(int count) throws InterruptedException {
        for (Publisher publisher : publishers) {
            for (int i = 0; i < count; i++) {
                publisher.publish(System.nanoTime());
            }
        }
    }

    /** Begins to publish as fast as messages arrive, with so many on their way in each stream. */
    void startClosedLoop(int onTheirWay) {
        publishers.forEach(publisher -> publisher.startClosedLoop(onTheirWay));
    }

    /** Publishes no more. */
    void stop() throws InterruptedException {
        for (Publisher publisher : publishers) {
            publisher.stop();
        }
    }

    /** Messages may flow again from now on. */
    void mark() {
        accounts.forEach(Account::mark);
    }

    /** Waits until everything has arrived; false when it has not by then. */
    boolean awaitSettled(long seconds) throws InterruptedException {
        return await(seconds, () -> accounts.stream().allMatch(Account::isSettled));
    }

    /** Something that is looked at again and again until it is so. */
    interface Condition {
        boolean holds();
    }

    /** Waits for it; false when the time is up. */
    static boolean await(long seconds, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(CHECK_MILLIS);
        }
        return true;
    }

    long sent() {
        return accounts.stream().mapToLong(Account::sent).sum();
    }

    /** In the streams of this name. */
    long sent(String name) {
        return accounts.stream()
                .filter(account -> account.name().equals(name))
                .mapToLong(Account::sent)
                .sum();
    }

    long lost() {
        return accounts.stream().mapToLong(Account::lost).sum();
    }

    /** How often a broker has forgotten a client of this scene, and with it what it owed to it. */
    int sessionsLost() {
        return publishers.stream().mapToInt(Client::sessionsLost).sum()
                + subscribers.stream().mapToInt(Client::sessionsLost).sum();
    }

    @Override
    public void close() {
        publishers.forEach(Client::close);
        subscribers.forEach(Client::close);
    }
}
