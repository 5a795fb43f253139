/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.SESSION_TAKEN_OVER;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Connect;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Received;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.List;

/** Sessions: which there are, what they resume with, and who takes them over. */
public final class Resuming {
    private static final int EXPIRED_MILLIS = 2_200;

    private Resuming() {}

    /** Adds them. */
    public static void addTo(Book book) {
        inFlight(book);
        takeover(book);
        present(book);
        expiry(book);
    }

    private static Connect lasting(Stage stage) {
        return stage.connect("client").lasting(100);
    }

    private static Wire connected(Stage stage, String name, Connect connect) throws Exception {
        Wire client = stage.open(name);
        client.send(connect.toArray());
        Stage.require(client.await(Packets.CONNACK, 1), "no CONNACK");
        stage.settle();
        return client;
    }

    private static void inFlight(Book book) {
        book.add(
                "resume with PUBREL pending",
                "a QoS 2 delivery up to PUBREL; cut before PUBCOMP; the session resumes",
                Law.of("PUBREL again, same identifier, and no PUBLISH")
                        .v311("MQTT-4.4.0-1, MQTT-4.3.3-1")
                        .v5("MQTT-4.4.0-1, MQTT-4.3.3-6"),
                stage -> {
                    Wire before = delivered(stage);
                    int id = before.all(Packets.PUBLISH).get(0).packetId();
                    before.send(Packets.acknowledgement(Packets.PUBREC, id));
                    Stage.require(before.await(Packets.PUBREL, 1), "no PUBREL");
                    stage.cut(before.forget());
                    Wire client = connected(stage, "client", lasting(stage));
                    client.probe();
                    stage.settle();
                    return present(client, true)
                            .and(Verdict.count(client, Packets.PUBREL, 1))
                            .and(Verdict.count(client, Packets.PUBLISH, 0));
                });
        book.add(
                "resume with three in flight",
                "three QoS 1 deliveries, the second acknowledged; cut; the session resumes",
                Law.of("The two others again, in order, same identifiers, DUP 1")
                        .v311("MQTT-4.4.0-1, MQTT-4.6.0-1")
                        .v5("MQTT-4.4.0-1, MQTT-3.3.1-1"),
                stage -> {
                    Wire before = stage.threeInFlight();
                    List<Received> first = before.all(Packets.PUBLISH);
                    before.send(
                            Packets.acknowledgement(Packets.PUBACK, first.get(1).packetId()));
                    before.probe();
                    stage.cut(before.forget());
                    Wire client = connected(stage, "client", lasting(stage));
                    client.await(Packets.PUBLISH, 2);
                    client.probe();
                    stage.settle();
                    List<Integer> ids = client.all(Packets.PUBLISH).stream()
                            .map(Received::packetId)
                            .toList();
                    boolean dup = client.all(Packets.PUBLISH).stream().allMatch(Received::dup);
                    return Verdict.delivered(client, "1", "3")
                            .and(Verdict.that(
                                    ids.equals(List.of(
                                            first.get(0).packetId(),
                                            first.get(2).packetId())),
                                    "other identifiers"))
                            .and(Verdict.that(dup, "DUP is 0"));
                });
    }

    private static Wire delivered(Stage stage) throws Exception {
        Wire before = stage.subscribed(stage.accepted("before", lasting(stage)), stage.topic("t"), 2);
        stage.delivers(before, stage.publish("t").qos(2, 1).payload("x"));
        return before;
    }

    private static Verdict present(Wire client, boolean expected) {
        boolean actual = client.connack().present();
        return Verdict.that(client.connack().code() == 0, "not accepted")
                .and(Verdict.that(actual == expected, "Session Present " + actual));
    }

    private static void takeover(Book book) {
        Law law = Law.of("Close the first, in 5.0 with 0x8E; the second resumes and gets the message again, DUP 1")
                .v311("MQTT-3.1.4-2, MQTT-4.4.0-1")
                .v5("MQTT-3.1.4-3, MQTT-4.4.0-1");
        book.add(
                "takeover while QoS 2 is in flight",
                "a QoS 2 delivery not answered; the same client connects again, not clean",
                law,
                stage -> {
                    Wire before = delivered(stage).forget();
                    Wire client = connected(stage, "client", lasting(stage));
                    client.await(Packets.PUBLISH, 1);
                    before.awaitClosed(Wire.LIMIT_MILLIS);
                    stage.settle();
                    boolean dup = client.all(Packets.PUBLISH).stream().allMatch(Received::dup);
                    return Verdict.closed(before, SESSION_TAKEN_OVER)
                            .and(present(client, true))
                            .and(Verdict.delivered(client, "x"))
                            .and(Verdict.that(dup, "DUP is 0"));
                });
        Law clean = Law.of("Close the first; the second begins anew, and gets nothing")
                .v311("MQTT-3.1.4-2, MQTT-3.1.2-6, MQTT-3.2.2-1")
                .v5("MQTT-3.1.4-3, MQTT-3.1.2-4, MQTT-3.2.2-2");
        book.add(
                "clean takeover while QoS 2 is in flight",
                "a QoS 2 delivery not answered; the same client connects again, clean",
                clean,
                stage -> {
                    Wire before = delivered(stage).forget();
                    Wire client = connected(stage, "client", stage.connect("client"));
                    before.awaitClosed(Wire.LIMIT_MILLIS);
                    stage.publishes(stage.publish("t").qos(1, 2).payload("later"));
                    return Verdict.closed(before, SESSION_TAKEN_OVER)
                            .and(present(client, false))
                            .and(Verdict.delivered(client));
                });
    }

    private static void present(Book book) {
        book.add(
                "Session Present of 3.1",
                "Clean Session 0 twice",
                Law.of("The byte is reserved in 3.1: 0").v31("3.1, CONNACK"),
                stage -> {
                    stage.end(stage.accepted("before", lasting(stage)));
                    return present(connected(stage, "client", lasting(stage)), false);
                });
        book.add(
                "a clean session between",
                "a session that lasts, then a clean one, then not clean",
                Law.of("The clean one ended what was there: Session Present 0")
                        .v311("MQTT-3.1.2-6, MQTT-3.2.2-3")
                        .v5("MQTT-3.1.2-4, MQTT-3.2.2-3"),
                stage -> {
                    stage.end(stage.accepted("before", lasting(stage)));
                    stage.end(stage.accepted("clean", stage.connect("client")));
                    return present(connected(stage, "client", lasting(stage)), false);
                });
        book.add(
                "CONNACK of a refused takeover",
                "a session that lasts; a CONNECT with a reserved flag and the same client identifier",
                Law.of("What is not a CONNECT takes nothing over: the client stays")
                        .both("MQTT-3.1.2-3, MQTT-3.1.4-1"),
                stage -> {
                    Wire client = stage.accepted("client", lasting(stage));
                    Wire odd = stage.open("intruder");
                    odd.send(lasting(stage).flags(1).toArray());
                    odd.awaitClosed(Wire.LIMIT_MILLIS);
                    client.probe();
                    stage.settle();
                    return Verdict.open(client)
                            .and(Verdict.refused(
                                    odd, stage.version().hasProperties() ? new int[] {0x81, 0x82} : new int[0]));
                });
    }

    private static void expiry(Book book) {
        Law ends = Law.of("Session Expiry Interval 0 or none: the session ends with the connection")
                .v5("§3.1.2.11.2, MQTT-4.1.0-2, MQTT-3.2.2-3");
        book.add("Clean Start 0 without Session Expiry", "Clean Start 0 twice, without the property", ends, stage -> {
            stage.end(stage.accepted("before", stage.connect("client").resume()));
            return present(connected(stage, "client", stage.connect("client").resume()), false);
        });
        book.add(
                "Session Expiry lowered to 0 at DISCONNECT",
                "a session that lasts; DISCONNECT with Session Expiry Interval 0; Clean Start 0",
                ends.v5("§3.14.2.2.2, MQTT-4.1.0-2"),
                stage -> {
                    Wire before = stage.accepted("before", lasting(stage));
                    before.send(Packets.disconnect(0, new Properties().four(Properties.SESSION_EXPIRY_INTERVAL, 0)));
                    before.awaitClosed(Wire.LIMIT_MILLIS);
                    return present(connected(stage, "client", lasting(stage)), false);
                });
        book.add(
                "session that has expired",
                "Session Expiry Interval 1 s; cut; Clean Start 0 after 2.2 s",
                Law.of("The session has ended: Session Present 0").v5("MQTT-4.1.0-2, MQTT-3.2.2-3"),
                stage -> {
                    stage.cut(stage.accepted("before", stage.connect("client").lasting(1)));
                    stage.pause(EXPIRED_MILLIS);
                    return present(connected(stage, "client", lasting(stage)), false);
                });
    }
}
