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

/** When a will is published, and as what. */
public final class Wills {
    private static final int DELAY_SECONDS = 1;
    private static final int DELAY_PASSED_MILLIS = 1_500;
    private static final int LONG = 60;

    private Wills() {}

    /** Adds them. */
    public static void addTo(Book book) {
        takeover(book);
        delay(book);
        retained(book);
        passedOn(book);
    }

    private static void takeover(Book book) {
        book.add(
                "will at a takeover",
                "a client with a will; the same client connects again, clean, without a will",
                Law.of("The first connection is closed without DISCONNECT: publish")
                        .both("MQTT-3.1.2-8"),
                stage -> {
                    Wire witness = stage.witness("witness", "will", 0);
                    stage.accepted("before", stage.connect("client").will(stage.topic("will"), "gone", 0, false))
                            .hides(Packets.DISCONNECT);
                    stage.accepted("client");
                    witness.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return Verdict.delivered(witness, "gone");
                });
    }

    private static Connect delayed(Stage stage, int delay, long expiry) {
        return stage.connect("client")
                .will(stage.topic("will"), "gone", 0, false)
                .willProperties(new Properties().four(Properties.WILL_DELAY_INTERVAL, delay))
                .lasting(expiry);
    }

    private static void delay(Book book) {
        book.add(
                "Will Delay, and back in time",
                "Will Delay Interval 1 s; cut, and at once Clean Start 0; then 1.5 s",
                Law.of("Back before the interval has passed: do not publish").v5("MQTT-3.1.3-9, MQTT-3.1.2-8"),
                stage -> {
                    Wire witness = stage.witness("witness", "will", 0);
                    stage.cut(stage.accepted("before", delayed(stage, DELAY_SECONDS, LONG)));
                    stage.accepted("client", stage.connect("client").lasting(LONG));
                    stage.pause(DELAY_PASSED_MILLIS);
                    return Verdict.delivered(witness);
                });
        book.add(
                "Will Delay, and back with a clean start",
                "Will Delay Interval 60 s; cut, and at once Clean Start 1",
                Law.of("The clean start ends the session: publish").v5("MQTT-3.1.2-8, §3.1.4"),
                stage -> {
                    Wire witness = stage.witness("witness", "will", 0);
                    stage.cut(stage.accepted("before", delayed(stage, LONG, LONG)));
                    stage.accepted("client", stage.connect("client"));
                    witness.awaitClosed(DELAY_PASSED_MILLIS);
                    return Verdict.delivered(witness, "gone");
                });
        book.add(
                "Will Delay that passes",
                "Will Delay Interval 1 s; cut; what has come after 0.5 s, and in the end",
                Law.of("Not before the interval has passed, then publish").v5("MQTT-3.1.2-8, §3.1.3.2.2"),
                stage -> {
                    Wire witness = stage.witness("witness", "will", 0);
                    stage.accepted("before", delayed(stage, DELAY_SECONDS, LONG))
                            .cut();
                    stage.pause(500);
                    Verdict early = Verdict.delivered(witness);
                    witness.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return early.and(Verdict.delivered(witness, "gone"));
                });
        book.add(
                "Will Delay without a session",
                "Will Delay Interval 60 s, no Session Expiry Interval; cut",
                Law.of("The session ends with the connection: publish at once").v5("MQTT-3.1.2-8, §3.1.3.2.2"),
                stage -> {
                    Wire witness = stage.witness("witness", "will", 0);
                    stage.accepted("before", delayed(stage, LONG, 0)).cut();
                    witness.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return Verdict.delivered(witness, "gone");
                });
        book.add(
                "Will Delay beyond the session",
                "Will Delay Interval 60 s, Session Expiry Interval 1 s; cut",
                Law.of("The session ends first: publish then").v5("MQTT-3.1.2-8, §3.1.3.2.2"),
                stage -> {
                    Wire witness = stage.witness("witness", "will", 0);
                    stage.accepted("before", delayed(stage, LONG, 1)).cut();
                    witness.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return Verdict.delivered(witness, "gone");
                });
    }

    private static void retained(Book book) {
        book.add(
                "retained will",
                "a will with Will Retain; cut; a client is subscribed, another subscribes afterwards",
                Law.of("Published as a retained message").v311("MQTT-3.1.2-17").v5("MQTT-3.1.2-15"),
                stage -> {
                    Wire later = after(stage, "gone", true, false);
                    later.await(Packets.PUBLISH, 1);
                    return Verdict.delivered(stage.wire("witness"), "gone").and(Verdict.delivered(later, "gone"));
                });
        book.add(
                "will that is not retained",
                "a will without Will Retain; cut; a client is subscribed, another subscribes afterwards",
                Law.of("Published as a message that is not retained")
                        .v311("MQTT-3.1.2-16")
                        .v5("MQTT-3.1.2-14"),
                stage -> {
                    Wire later = after(stage, "gone", false, false);
                    return Verdict.delivered(stage.wire("witness"), "gone").and(Verdict.delivered(later));
                });
        book.add(
                "retained will of no bytes",
                "a retained message; an empty will with Will Retain; cut; a client subscribes afterwards",
                Law.of("An empty retained message: what was retained is gone")
                        .v311("MQTT-3.1.2-17, MQTT-3.3.1-10")
                        .v5("MQTT-3.1.2-15, MQTT-3.3.1-6"),
                stage -> {
                    Wire later = after(stage, "", true, true);
                    return Verdict.delivered(stage.wire("witness"), "").and(Verdict.delivered(later));
                });
    }

    /** What a client gets that subscribes after the will has come. */
    private static Wire after(Stage stage, String payload, boolean retain, boolean before) throws Exception {
        if (before) {
            stage.publishes(stage.publish("will").retain().payload("kept"));
        }
        Wire witness = stage.witness("witness", "will", 0);
        stage.accepted("before", stage.connect("client").will(stage.topic("will"), payload, 0, retain))
                .cut();
        Stage.require(witness.await(Packets.PUBLISH, 1), "no will");
        Wire later = stage.accepted("later");
        later.send(stage.subscribe(1, stage.topic("will"), 0));
        later.await(Packets.SUBACK, 1);
        later.hides(Packets.SUBACK).probe();
        stage.settle();
        return later;
    }

    private static void passedOn(Book book) {
        book.add(
                "properties of a will",
                "a will with User Properties b, a, b, a Content Type and Message Expiry Interval 100 s; cut",
                Law.of("Published with them, in their order, and without the delay")
                        .v5("MQTT-3.1.3-10, MQTT-3.3.2-17, §3.1.3.2"),
                stage -> {
                    Wire witness = stage.witness("witness", "will", 0);
                    Connect connect = stage.connect("client")
                            .will(stage.topic("will"), "gone", 0, false)
                            .willProperties(new Properties()
                                    .user("b", "1")
                                    .user("a", "2")
                                    .string(Properties.CONTENT_TYPE, "text/odd")
                                    .four(Properties.MESSAGE_EXPIRY_INTERVAL, 100)
                                    .four(Properties.WILL_DELAY_INTERVAL, 0)
                                    .user("b", "3"));
                    stage.accepted("before", connect).cut();
                    Stage.require(witness.await(Packets.PUBLISH, 1), "no will");
                    stage.settle();
                    Received will = witness.all(Packets.PUBLISH).get(0);
                    return Verdict.that(
                                    will.values(Properties.USER_PROPERTY).equals(List.of("b=1", "a=2", "b=3")),
                                    "User Properties")
                            .and(Verdict.that(
                                    will.values(Properties.CONTENT_TYPE).equals(List.of("text/odd")), "Content Type"))
                            .and(Verdict.that(
                                    will.number(Properties.MESSAGE_EXPIRY_INTERVAL, 0) >= 99,
                                    "Message Expiry Interval"))
                            .and(Verdict.that(
                                    will.values(Properties.WILL_DELAY_INTERVAL).isEmpty(), "Will Delay Interval"));
                });
    }
}
