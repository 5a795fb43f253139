/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import static io.bascule.benchmarks.odd.sequences.Codes.PROTOCOL_ERROR;
import static io.bascule.benchmarks.odd.sequences.Codes.UNACCEPTABLE_PROTOCOL_VERSION;
import static io.bascule.benchmarks.odd.sequences.Codes.UNSUPPORTED_PROTOCOL_VERSION;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Bytes;
import io.bascule.benchmarks.odd.wire.Connect;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Version;
import io.bascule.benchmarks.odd.wire.Wire;

/** What comes before CONNECT, instead of it, or twice, and protocols that are none. */
public final class Connecting {
    private static final int BRIDGE = 0x80;

    private Connecting() {}

    /** Adds them. */
    public static void addTo(Book book) {
        first(book);
        second(book);
        protocols(book);
    }

    private static void first(Book book) {
        Law law = Law.of(
                        "The first packet must be CONNECT: close, and send nothing, as nothing may come before CONNACK")
                .v311("MQTT-3.1.0-1, MQTT-3.2.0-1")
                .v5("MQTT-3.1.0-1, MQTT-3.2.0-1, MQTT-3.14.0-1");
        book.refuses("PINGREQ first", "PINGREQ as the first packet", law, stage -> Packets.pingreq());
        book.refuses("DISCONNECT first", "DISCONNECT as the first packet", law, stage -> Packets.disconnect());
        book.refuses("SUBSCRIBE first", "SUBSCRIBE as the first packet", law, stage -> stage.subscribe(1, "a", 0));
        book.add("PUBLISH first", "PUBLISH as the first packet; another client is subscribed", law, stage -> {
            Wire witness = stage.witness("witness", "t", 0);
            Wire client = stage.open("client");
            client.send(stage.bytes(stage.publish("t").payload("early")));
            client.probe();
            stage.settle();
            return Verdict.refused(client).and(Verdict.delivered(witness));
        });
        book.refuses(
                "AUTH first",
                "AUTH as the first packet",
                Law.of("The first packet must be CONNECT: close, and send nothing")
                        .v5("MQTT-3.1.0-1, MQTT-4.12.0-6, MQTT-3.14.0-1"),
                stage -> Bytes.of(0xF0, 0));
    }

    private static void second(Book book) {
        book.closes(
                "second CONNECT",
                "a good CONNECT twice on one connection",
                Law.of("A protocol error: close").v31("3.1, CONNECT").both("MQTT-3.1.0-2"),
                stage -> stage.connect("client").toArray(),
                PROTOCOL_ERROR);
        book.add(
                "will after a second CONNECT",
                "CONNECT with a will, then CONNECT again; another client watches the will's topic",
                Law.of("Close, and publish the will: there was no DISCONNECT").both("MQTT-3.1.0-2, MQTT-3.1.2-8"),
                stage -> {
                    Wire witness = stage.witness("witness", "will", 0);
                    Connect connect = stage.connect("client").will(stage.topic("will"), "gone", 0, false);
                    Wire client = stage.accepted("client", connect);
                    client.send(connect.toArray());
                    client.probe();
                    witness.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return Verdict.closed(client, PROTOCOL_ERROR).and(Verdict.delivered(witness, "gone"));
                });
    }

    private static void protocols(Book book) {
        Law level = Law.of(
                        "Not a level that there is: close; 3.1.1 wants CONNACK 0x01 before, 5.0 lets it be 0x84 or nothing")
                .v311("MQTT-3.1.2-2, 5.0 MQTT-3.1.2-2");
        refusesLevel(book, "protocol level 6", "CONNECT `MQTT`, level 6", level, "MQTT", 6);
        refusesLevel(book, "protocol level 0", "CONNECT `MQTT`, level 0", level, "MQTT", 0);
        refusesLevel(book, "`MQTT` at level 3", "CONNECT `MQTT`, level 3", level, "MQTT", 3);
        Law name = Law.of("Not MQTT's name: close, or go on by another specification; never accept it as this one")
                .v311("MQTT-3.1.2-1");
        refusesLevel(book, "`MQIsdp` at level 4", "CONNECT `MQIsdp`, level 4", name, "MQIsdp", 4);
        Law both = name.v5("MQTT-3.1.2-1");
        refusesLevel(book, "protocol name `MQTTX`", "CONNECT `MQTTX`, right level", both, "MQTTX", -1);
        refusesLevel(book, "protocol name `mqtt`", "CONNECT `mqtt`, right level", both, "mqtt", -1);
        refusesLevel(book, "empty protocol name", "CONNECT with a name of no bytes, right level", both, "", -1);
        bridge(book, "bridge bit of 3.1.1", "CONNECT `MQTT`, level 0x84, as Mosquitto's bridges send", Version.V3_1_1);
        bridge(book, "bridge bit of 3.1", "CONNECT `MQIsdp`, level 0x83, as Mosquitto's bridges send", Version.V3_1);
    }

    private static void refusesLevel(Book book, String name, String does, Law law, String protocol, int level) {
        book.add(
                name,
                does,
                law,
                stage -> refusesProtocol(
                        stage, protocol, level < 0 ? stage.version().level() : level));
    }

    private static Verdict refusesProtocol(Stage stage, String protocol, int level) throws Exception {
        Wire client = stage.open("client");
        client.send(stage.connect("client").protocol(protocol, level).toArray());
        client.probe();
        stage.settle();
        return Verdict.refused(client, UNACCEPTABLE_PROTOCOL_VERSION, UNSUPPORTED_PROTOCOL_VERSION);
    }

    private static void bridge(Book book, String name, String does, Version version) {
        Law text = Law.of(
                "No level of the specification: close with CONNACK 0x01 (or 0x84), or support it by a specification of one's own");
        Law law = version == Version.V3_1 ? text.v31("3.1, CONNECT") : text.v311("MQTT-3.1.2-2");
        book.add(name, does, law, stage -> {
            Wire client = stage.open("client");
            client.send(stage.connect("client")
                    .protocol(version.protocolName(), version.level() | BRIDGE)
                    .toArray());
            client.probe();
            stage.settle();
            return Verdict.refused(client, UNACCEPTABLE_PROTOCOL_VERSION, UNSUPPORTED_PROTOCOL_VERSION)
                    .or(Verdict.accepted(client));
        });
    }
}
