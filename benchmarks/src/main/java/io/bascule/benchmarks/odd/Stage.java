/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd;

import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Connect;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Packets.Filter;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Publish;
import io.bascule.benchmarks.odd.wire.Version;
import io.bascule.benchmarks.odd.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Where one sequence is played: the connections to one broker, with client identifiers and topics that no other sequence uses. A client
 * called {@code client} is the one that the sequence is about.
 */
public final class Stage implements AutoCloseable {
    private static final long QUIET_MILLIS = 100;
    private static final long LASTING_SECONDS = 1000;
    private static final int DO_NOT_SEND_RETAINED = 0x20;

    private final int port;
    private final Version version;
    private final String prefix;
    private final Map<String, Wire> wires = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    Stage(int port, Version version, String prefix) {
        this.port = port;
        this.version = version;
        this.prefix = prefix;
    }

    /** The version of the protocol that clients speak here. */
    public Version version() {
        return version;
    }

    /** The connections by name, in the order in which they were opened. */
    Map<String, Wire> wires() {
        return wires;
    }

    /** Says in the report what packets do not show, or show in another order on each run. */
    public void note(String text) {
        notes.add(text);
    }

    /** What there is to say beside the packets. */
    List<String> notes() {
        return notes;
    }

    /** The connection of this name. */
    public Wire wire(String name) {
        return wires.get(name);
    }

    /** In front of every topic of this stage; the report leaves it out. */
    public String prefix() {
        return prefix + "/";
    }

    /** A topic or filter of this stage alone. */
    public String topic(String rest) {
        return prefix() + rest;
    }

    /** A topic of this stage that ends in bytes that are no text. */
    public byte[] topic(byte[] rest) {
        return Bytes.join(Bytes.utf8(prefix()), rest);
    }

    /** A PUBLISH to a topic of this stage. */
    public Publish publish(String rest) {
        return Publish.to(topic(rest));
    }

    /** The packet, in this version. */
    public byte[] bytes(Publish publish) {
        return publish.toArray(version);
    }

    /** SUBSCRIBE to one filter as it stands. */
    public byte[] subscribe(int packetId, String filter, int options) {
        return Packets.subscribe(version, packetId, new Filter(filter, options));
    }

    /** SUBSCRIBE with properties to one filter as it stands. */
    public byte[] subscribe(int packetId, Properties properties, String filter, int options) {
        return Packets.subscribe(version, packetId, properties, new Filter(filter, options));
    }

    /** A good CONNECT with a client identifier of this stage. */
    public Connect connect(String client) {
        return connect(version, client);
    }

    /** The same in another version. */
    public Connect connect(Version other, String client) {
        return new Connect(other, clientId(client));
    }

    /** The client identifier behind a name: letters and digits alone, and at most 23 of them. */
    public byte[] clientId(String client) {
        return Bytes.utf8(client + prefix.replace("/", ""));
    }

    /** A connection on which nothing is sent yet. */
    public Wire open(String name) throws IOException {
        return open(version, name);
    }

    /** The same in another version. */
    public Wire open(Version other, String name) throws IOException {
        Wire wire = new Wire(other, port);
        wires.put(name, wire);
        return wire;
    }

    /** A client that the server has accepted. */
    public Wire accepted(String name) throws IOException {
        return accepted(name, connect(name));
    }

    /** A client that the server has accepted, to a CONNECT of this version. */
    public Wire accepted(String name, Connect connect) throws IOException {
        return accepted(open(name), name, connect);
    }

    /** The same for a client that acknowledges from the beginning, also what comes with its CONNACK. */
    public Wire acknowledging(String name, Connect connect) throws IOException {
        return accepted(open(name).acknowledges(), name, connect);
    }

    private static Wire accepted(Wire wire, String name, Connect connect) {
        wire.send(connect.toArray());
        require(
                wire.await(packet -> packet.type() == Packets.CONNACK && packet.code() == 0),
                name + " is not accepted");
        return wire.forgetConnack();
    }

    /** Subscribes a client, and waits until it is. What comes until then, retained messages too, is not judged. */
    public Wire subscribed(Wire wire, String filter, int options) {
        wire.send(subscribe(1, filter, options));
        require(
                wire.await(packet -> packet.type() == Packets.SUBACK && packet.code() <= 2),
                "no subscription to " + filter);
        settle();
        return wire.forget();
    }

    /** A client of its own that watches a topic of this stage, of this QoS at most, and acknowledges what comes. */
    public Wire witness(String name, String rest, int qos) throws IOException {
        return witnessAny(name, topic(rest), qos);
    }

    /** The same for a filter as it stands. */
    public Wire witnessAny(String name, String filter, int qos) throws IOException {
        int options = version.hasProperties() ? qos | DO_NOT_SEND_RETAINED : qos;
        return subscribed(accepted(name).acknowledges().only(prefix), filter, options);
    }

    /** Another client publishes, and the server has answered a PINGREQ sent behind it. */
    public void publishes(Publish... messages) throws IOException {
        Wire publisher = wires.get("publisher");
        if (publisher == null) {
            publisher = accepted("publisher").acknowledges();
        }
        for (Publish message : messages) {
            publisher.send(message.toArray(version));
        }
        publisher.probe();
        require(!publisher.isClosed(), "the publisher is disconnected");
        settle();
        publisher.forget();
    }

    /** Another client publishes this, and it has come to one who is subscribed. */
    public void delivers(Wire subscriber, Publish message) throws IOException {
        publishes(message);
        require(subscriber.await(Packets.PUBLISH, 1), "nothing is delivered");
    }

    /** QoS 1 messages to {@code t} with their numbers for payload. */
    public Publish[] numbered(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i -> publish("t").qos(1, i).payload("" + i))
                .toArray(Publish[]::new);
    }

    /**
     * A client of a session that lasts, to which three messages are sent and which answers none. They have waited for it together: HiveMQ
     * sends no second message to one who has not answered the first, unless both were there.
     */
    public Wire threeInFlight() throws IOException {
        leaveSession("client", topic("t"), 1);
        publishes(numbered(1, 3));
        Wire before = accepted("before", connect("client").lasting(LASTING_SECONDS));
        require(before.await(Packets.PUBLISH, 3), "not all is delivered");
        return before;
    }

    /** A session that outlives its connection, with a subscription, and whose client is gone. */
    public void leaveSession(String name, String filter, int options) throws IOException {
        Wire wire = subscribed(accepted(name, connect(name).lasting(LASTING_SECONDS)), filter, options);
        end(wire);
        wires.remove(name);
    }

    /** A DISCONNECT, and the server has seen it. */
    public void end(Wire wire) {
        wire.send(Packets.disconnect());
        wire.awaitClosed(Wire.LIMIT_MILLIS);
        wire.close();
    }

    /** Takes a connection away without a word, and waits until the server has noticed: the next CONNECT finds it gone. */
    public void cut(Wire wire) {
        wire.cut();
        settle();
    }

    Verdict closes(byte[] odd, int... codes) throws IOException {
        Wire client = accepted("client");
        client.send(odd);
        client.probe();
        settle();
        return Verdict.closed(client, codes);
    }

    Verdict refuses(byte[] odd, int... codes) throws IOException {
        Wire client = open("client");
        client.send(odd);
        client.probe();
        settle();
        return Verdict.refused(client, version.hasProperties() ? codes : new int[0]);
    }

    /** Waits until nothing has come on any connection for a moment. */
    public void settle() {
        long quiet = TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS);
        long since = System.nanoTime();
        for (long left = quiet; left > 0; ) {
            pause(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            for (Wire wire : wires.values()) {
                since = Math.max(since, wire.lastEvent());
            }
            left = quiet - (System.nanoTime() - since);
        }
    }

    /** Lets time pass, where the sequence is about time. */
    public void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends the sequence where the broker fails at what is not odd. */
    public static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    @Override
    public void close() {
        wires.values().forEach(Wire::close);
    }
}
