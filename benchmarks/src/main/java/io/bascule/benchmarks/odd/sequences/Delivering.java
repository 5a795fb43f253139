/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

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

/** QoS 1 and 2 from the server to a client that answers oddly, slowly or not at all. */
public final class Delivering {
    private static final int QUOTA_EXCEEDED = 0x97;

    private Delivering() {}

    /** Adds them. */
    public static void addTo(Book book) {
        wrongAnswers(book);
        errors(book);
        window(book);
    }

    private static void wrongAnswers(Book book) {
        wrongAnswer(
                book,
                "PUBACK for QoS 2",
                2,
                Packets.PUBACK,
                Law.of("Not acknowledged without PUBREC: sent again, same identifier, DUP 1")
                        .v311("MQTT-4.3.3-1, MQTT-4.4.0-1")
                        .v5("MQTT-4.3.3-3, MQTT-4.4.0-1"));
        wrongAnswer(
                book,
                "PUBREC for QoS 1",
                1,
                Packets.PUBREC,
                Law.of("Not acknowledged without PUBACK: sent again, same identifier, DUP 1")
                        .v311("MQTT-4.3.2-1, MQTT-4.4.0-1")
                        .v5("MQTT-4.3.2-3, MQTT-4.4.0-1"));
        wrongAnswer(
                book,
                "PUBCOMP for QoS 2",
                2,
                Packets.PUBCOMP,
                Law.of("Not acknowledged without PUBREC: sent again, same identifier, DUP 1")
                        .v311("MQTT-4.3.3-1, MQTT-4.4.0-1")
                        .v5("MQTT-4.3.3-3, MQTT-4.4.0-1"));
    }

    /** What was answered wrongly must come again when the session resumes. */
    private static void wrongAnswer(Book book, String name, int qos, int type, Law law) {
        book.add(name, "a QoS " + qos + " delivery is answered so; cut; the session resumes", law, stage -> {
            Wire before = delivered(stage, qos);
            Received first = before.all(Packets.PUBLISH).get(0);
            before.send(Packets.acknowledgement(type, first.packetId()));
            before.probe();
            stage.cut(before.hides(Packets.PUBLISH));
            Wire client = stage.accepted("client", lasting(stage));
            client.await(Packets.PUBLISH, 1);
            client.probe();
            stage.settle();
            return redelivered(client, first);
        });
    }

    private static Connect lasting(Stage stage) {
        return stage.connect("client").lasting(100);
    }

    /** A client of a session that lasts, which has got one message and has not answered. */
    private static Wire delivered(Stage stage, int qos) throws Exception {
        Wire before = stage.subscribed(stage.accepted("before", lasting(stage)), stage.topic("t"), qos);
        stage.delivers(before, stage.publish("t").qos(qos, 1).payload("x"));
        return before;
    }

    private static Verdict redelivered(Wire client, Received first) {
        List<Received> messages = client.all(Packets.PUBLISH);
        boolean same = messages.size() == 1
                && messages.get(0).packetId() == first.packetId()
                && messages.get(0).dup()
                && messages.get(0).qos() == first.qos();
        return Verdict.that(same, "not sent again as it was");
    }

    private static void errors(Book book) {
        Law law = Law.of("Acknowledged: no PUBREL, and never sent again").v5("MQTT-4.4.0-2, MQTT-4.3.3-4");
        error(book, "PUBREC with an error", 2, Packets.PUBREC, law);
        error(
                book,
                "PUBACK with an error",
                1,
                Packets.PUBACK,
                Law.of("Acknowledged: never sent again").v5("MQTT-4.4.0-2"));
    }

    private static void error(Book book, String name, int qos, int type, Law law) {
        book.add(
                name,
                "a QoS " + qos + " delivery is answered with 0x97; cut; the session resumes; a second message",
                law,
                stage -> {
                    Wire before = delivered(stage, qos);
                    Received first = before.all(Packets.PUBLISH).get(0);
                    before.send(Packets.acknowledgement(type, first.packetId(), QUOTA_EXCEEDED));
                    before.probe();
                    Verdict noRelease = Verdict.count(before, Packets.PUBREL, 0);
                    stage.cut(before.hides(Packets.PUBLISH));
                    Wire client = stage.acknowledging("client", lasting(stage));
                    stage.publishes(stage.publish("t").qos(qos, 2).payload("second"));
                    client.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return noRelease.and(Verdict.delivered(client, "second"));
                });
    }

    private static void window(Book book) {
        Law law = Law.of("No more than one unacknowledged; all else is answered")
                .v5("MQTT-3.3.4-9, MQTT-4.9.0-2, MQTT-3.3.4-10");
        book.add(
                "Receive Maximum 1, QoS 1",
                "three QoS 1 messages for a client with Receive Maximum 1 that acknowledges each after a PINGREQ",
                law,
                stage -> {
                    Wire client = narrow(stage, 1);
                    Verdict verdict = Verdict.RIGHT;
                    for (int i = 1; i <= 3; i++) {
                        client.await(Packets.PUBLISH, i);
                        client.probe();
                        verdict = verdict.and(Verdict.count(client, Packets.PUBLISH, i))
                                .and(Verdict.open(client));
                        client.send(Packets.acknowledgement(Packets.PUBACK, lastId(client)));
                    }
                    stage.settle();
                    return verdict.and(Verdict.delivered(client, "1", "2", "3"));
                });
        book.add(
                "Receive Maximum 1, QoS 2",
                "three QoS 2 messages for a client with Receive Maximum 1 that sends PUBREC at once, and PUBCOMP after a PINGREQ",
                law,
                stage -> {
                    Wire client = narrow(stage, 2);
                    Verdict verdict = Verdict.RIGHT;
                    for (int i = 1; i <= 3; i++) {
                        client.await(Packets.PUBLISH, i);
                        client.send(Packets.acknowledgement(Packets.PUBREC, lastId(client)));
                        client.await(Packets.PUBREL, i);
                        client.probe();
                        verdict = verdict.and(Verdict.count(client, Packets.PUBLISH, i))
                                .and(Verdict.open(client));
                        client.send(Packets.acknowledgement(Packets.PUBCOMP, lastId(client)));
                    }
                    stage.settle();
                    return verdict.and(Verdict.delivered(client, "1", "2", "3"));
                });
    }

    private static int lastId(Wire client) {
        List<Received> messages = client.all(Packets.PUBLISH);
        return messages.isEmpty() ? 1 : messages.get(messages.size() - 1).packetId();
    }

    private static Wire narrow(Stage stage, int qos) throws Exception {
        Wire client = stage.accepted(
                "client", stage.connect("client").properties(new Properties().two(Properties.RECEIVE_MAXIMUM, 1)));
        stage.subscribed(client, stage.topic("t"), qos);
        stage.publishes(
                stage.publish("t").qos(qos, 1).payload("1"),
                stage.publish("t").qos(qos, 2).payload("2"),
                stage.publish("t").qos(qos, 3).payload("3"));
        return client;
    }
}
