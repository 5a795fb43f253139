/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.kill;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.Version;
import io.bascule.itests.support.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Subscribes to one filter after the other, and unsubscribes the oldest of them, each when the last one is acknowledged. */
final class Subscriptions extends LastingClient {
    private static final String TOPIC = "kill/subscribed/";
    private static final String MARK = TOPIC + "mark";
    private static final int PACKET_IDS = 65_535;
    private static final int AT_A_TIME = 10;
    private static final int REMEMBERED = 50;

    private final Deque<String> there = new ArrayDeque<>();
    private final Deque<String> gone = new ArrayDeque<>();
    private final Set<String> seen = new HashSet<>();
    private int last;
    private int packetId = 1;
    private int round;
    private boolean paused;
    private String asked = MARK; // for the subscription that comes first and stays
    private boolean asksForLess;

    Subscriptions(int port) {
        super(port, "subscribes and unsubscribes");
    }

    /** How many filters there were. */
    synchronized int count() {
        return last;
    }

    @Override
    void connected(boolean sessionPresent) throws IOException {
        if (!paused) {
            ask();
        }
    }

    private void ask() throws IOException {
        write(asksForLess ? Packet.unsubscribe(packetId, asked) : Packet.subscribe(packetId, asked, 1));
    }

    @Override
    void received(Packet packet) throws IOException {
        switch (packet.type()) {
            case Packet.SUBACK, Packet.UNSUBACK -> {
                if (packet.packetId() == packetId) {
                    acknowledged();
                }
            }
            case Packet.PUBLISH -> {
                if (packet.number() == round) {
                    seen.add(packet.topic());
                }
                write(Packet.answer(Packet.PUBACK, packet.packetId()));
            }
            default -> {
                // Nothing else is asked for.
            }
        }
    }

    private void acknowledged() throws IOException {
        if (asksForLess) {
            gone.add(asked);
        } else if (!asked.equals(MARK)) {
            there.add(asked);
        }
        if (gone.size() > REMEMBERED) {
            gone.remove();
        }
        packetId = packetId % PACKET_IDS + 1;
        asksForLess = there.size() == AT_A_TIME;
        asked = asksForLess ? there.remove() : TOPIC + ++last;
        ask();
    }

    /** Asks for nothing more until it is {@linkplain #check checked}; its broker has been killed. */
    synchronized void pause() {
        paused = true;
        leave();
    }

    /** Publishes to every filter that must be there and to every one that must not, says what is wrong, and goes on. */
    List<String> check(int port, int newRound) {
        open();
        awaitConnected();
        Set<String> expected;
        Set<String> unexpected;
        synchronized (this) {
            round = newRound;
            seen.clear();
            expected = new HashSet<>(there);
            unexpected = new HashSet<>(gone);
        }
        try (Client client = Client.connect(Version.MQTT_5, port, "looks at subscriptions")) {
            expected.forEach(topic -> publish(client, topic));
            unexpected.forEach(topic -> publish(client, topic));
            client.publish(MARK, 1, String.valueOf(newRound));
        }
        List<String> wrong = new ArrayList<>();
        awaitMark().ifPresent(wrong::add);
        synchronized (this) {
            expected.removeAll(seen);
            unexpected.retainAll(seen);
            gone.clear();
        }
        say(expected, " was acknowledged and is not there", wrong);
        say(unexpected, " was taken back and is there", wrong);
        goOnAsking();
        return wrong;
    }

    private void publish(Client client, String topic) {
        client.publish(topic, 1, false, String.valueOf(round).getBytes(StandardCharsets.UTF_8));
    }

    private Optional<String> awaitMark() {
        try {
            Eventually.eventually("a subscription gets what is published to it", () -> hasSeen(MARK));
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(e.getMessage());
        }
    }

    private synchronized boolean hasSeen(String topic) {
        return seen.contains(topic);
    }

    private static void say(Collection<String> filters, String what, List<String> wrong) {
        filters.forEach(filter -> wrong.add("the subscription " + filter + what));
    }

    private synchronized void goOnAsking() {
        paused = false;
        try {
            ask();
            flush();
        } catch (IOException e) {
            // It asks when it is connected again.
        }
    }
}
