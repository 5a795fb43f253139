/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.KEEP_ALIVE_TIMEOUT;
import static io.bascule.benchmarks.odd.sequences.Codes.MALFORMED;
import static io.bascule.benchmarks.odd.sequences.Codes.PROTOCOL_ERROR;
import static io.bascule.benchmarks.odd.sequences.Codes.WITH_WILL;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Connect;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.function.Function;

/** DISCONNECT, and Keep Alive. */
public final class Ending {
    private static final int KEEP_ALIVE_MILLIS = 1_000;
    private static final int CLOSED_AT_LEAST_MILLIS = 1_000;
    private static final int CLOSED_AT_MOST_MILLIS = 10_000;
    private static final int TICK_MILLIS = 250;

    private Ending() {}

    /** Adds them. */
    public static void addTo(Book book) {
        good(book);
        bad(book);
        keepAlive(book);
    }

    private static void good(Book book) {
        Law discards = Law.of("Discard the will, and close")
                .v311("MQTT-3.14.4-3, MQTT-3.1.2-10")
                .v5("MQTT-3.14.4-3");
        book.add(
                "DISCONNECT discards the will",
                "DISCONNECT as E0 00",
                discards,
                stage -> ends(stage, Bytes.of(0xE0, 0), false));
        book.add(
                "DISCONNECT with 0x00 in words",
                "DISCONNECT as E0 01 00",
                Law.of("Discard the will, and close").v5("MQTT-3.14.4-3"),
                stage -> ends(stage, Bytes.of(0xE0, 1, 0), false));
        book.add(
                "DISCONNECT with will",
                "DISCONNECT with reason code 0x04",
                Law.of("Publish the will, and close").v5("MQTT-3.1.2-8, §3.14.2.1"),
                stage -> ends(stage, Packets.disconnect(WITH_WILL, new Properties()), true));
    }

    private static void bad(Book book) {
        Law invalid = Law.of("Not a DISCONNECT: close, and publish the will");
        String watched = "; there is a will, and another client watches it";
        book.add(
                "will after DISCONNECT with flags",
                "DISCONNECT as E1 00" + watched,
                invalid.both("MQTT-3.14.1-1, MQTT-3.1.2-8"),
                stage -> ends(stage, Bytes.of(0xE1, 0), true, MALFORMED));
        book.add(
                "DISCONNECT with a body",
                "DISCONNECT as E0 01 00" + watched,
                Law.of("There is nothing in this packet: close; whether it counts as a DISCONNECT is left open")
                        .v311("§3.14, MQTT-4.8.0-1"),
                stage -> ends(stage, Bytes.of(0xE0, 1, 0), true).or(ended(stage, false)));
        book.add(
                "Session Expiry raised at DISCONNECT",
                "CONNECT without Session Expiry Interval, DISCONNECT with 10 s" + watched,
                invalid.v5("§3.14.2.2.2, MQTT-4.13.1-1"),
                stage -> ends(
                        stage,
                        Packets.disconnect(0, new Properties().four(Properties.SESSION_EXPIRY_INTERVAL, 10)),
                        true,
                        PROTOCOL_ERROR));
        closes(
                book,
                "DISCONNECT with an undefined code",
                "DISCONNECT with reason code 0x05" + watched,
                Law.of("Not one of the reason codes: close").v5("MQTT-3.14.2-1"),
                stage -> Packets.disconnect(5, new Properties()));
        closes(
                book,
                "DISCONNECT with a server's code",
                "DISCONNECT with reason code 0x8B, server shutting down" + watched,
                Law.of("Only servers send it: close").v5("MQTT-3.14.2-1"),
                stage -> Packets.disconnect(0x8B, new Properties()));
        closes(
                book,
                "DISCONNECT with Server Reference",
                "DISCONNECT with a property that only servers send" + watched,
                Law.of("Close; what is said of it is left open").v5("§3.14.2.2.5"),
                stage -> Packets.disconnect(0, new Properties().string(Properties.SERVER_REFERENCE, "elsewhere")));
        closes(
                book,
                "DISCONNECT with a PUBLISH property",
                "DISCONNECT with a Topic Alias" + watched,
                Law.of("A property of another packet: malformed, close").v5("§2.2.2.2, MQTT-4.13.1-1"),
                stage -> Packets.disconnect(0, new Properties().two(Properties.TOPIC_ALIAS, 1)));
        closes(
                book,
                "DISCONNECT with Reason String twice",
                "DISCONNECT with the property twice" + watched,
                Law.of("A protocol error: close").v5("§3.14.2.2.3, MQTT-4.13.1-1"),
                stage -> Packets.disconnect(
                        0,
                        new Properties().string(Properties.REASON_STRING, "a").string(Properties.REASON_STRING, "b")));
    }

    private static void closes(Book book, String name, String does, Law law, Function<Stage, byte[]> odd) {
        book.add(
                name,
                does,
                law,
                stage -> ends(stage, odd.apply(stage), true, MALFORMED, PROTOCOL_ERROR)
                        .or(ended(stage, false, MALFORMED, PROTOCOL_ERROR)));
    }

    /** A client with a will sends this; right if it is disconnected, and if the will is published when it should. */
    private static Verdict ends(Stage stage, byte[] odd, boolean will, int... codes) throws Exception {
        Wire witness = stage.witness("witness", "will", 0);
        Wire client = stage.accepted("client", stage.connect("client").will(stage.topic("will"), "gone", 0, false));
        client.send(odd);
        client.probe();
        if (will) {
            witness.await(Packets.PUBLISH, 1);
        }
        stage.settle();
        return ended(stage, will, codes);
    }

    private static Verdict ended(Stage stage, boolean will, int... codes) {
        String[] wills = will ? new String[] {"gone"} : new String[0];
        return Verdict.closed(stage.wire("client"), codes).and(Verdict.delivered(stage.wire("witness"), wills));
    }

    private static void keepAlive(Book book) {
        Law law = Law.of("Close after one and a half times the Keep Alive, and publish the will")
                .v31("3.1, CONNECT")
                .v311("MQTT-3.1.2-24")
                .v5("MQTT-3.1.2-22");
        book.add("silence", "Keep Alive 1 s and a will, then nothing", law, stage -> {
            Wire witness = stage.witness("witness", "will", 0);
            Wire client = stage.accepted("client", mortal(stage));
            client.awaitClosed(CLOSED_AT_MOST_MILLIS);
            witness.await(Packets.PUBLISH, 1);
            stage.settle();
            return timedOut(client).and(Verdict.delivered(witness, "gone"));
        });
        book.add(
                "silence of a busy subscriber",
                "Keep Alive 1 s; the client sends nothing, but is sent a QoS 0 message every 250 ms",
                Law.of("Only what the client sends counts: close")
                        .v311("MQTT-3.1.2-24")
                        .v5("MQTT-3.1.2-22"),
                stage -> {
                    Wire publisher = stage.accepted("publisher");
                    Wire client = stage.accepted("client", mortal(stage));
                    stage.subscribed(client, stage.topic("t"), 0).hides(Packets.PUBLISH);
                    for (int i = 0; i < CLOSED_AT_MOST_MILLIS / TICK_MILLIS && !client.isClosed(); i++) {
                        publisher.send(stage.bytes(stage.publish("t")));
                        client.awaitClosed(TICK_MILLIS);
                    }
                    return timedOut(client);
                });
        book.add(
                "Keep Alive by other packets",
                "Keep Alive 1 s; a QoS 0 PUBLISH every 250 ms for 2 s, no PINGREQ",
                Law.of("Any packet counts: stay").v311("MQTT-3.1.2-24").v5("MQTT-3.1.2-22"),
                stage -> {
                    Wire client = stage.accepted("client", mortal(stage));
                    for (int i = 0; i < 2 * KEEP_ALIVE_MILLIS / TICK_MILLIS; i++) {
                        client.send(stage.bytes(stage.publish("t")));
                        client.awaitClosed(TICK_MILLIS);
                    }
                    return Verdict.open(client);
                });
    }

    private static Connect mortal(Stage stage) {
        return stage.connect("client").keepAlive(1).will(stage.topic("will"), "gone", 0, false);
    }

    private static Verdict timedOut(Wire client) {
        return Verdict.closed(client, KEEP_ALIVE_TIMEOUT)
                .and(Verdict.that(client.millisToLastEvent() >= CLOSED_AT_LEAST_MILLIS, "closed too early"));
    }
}
