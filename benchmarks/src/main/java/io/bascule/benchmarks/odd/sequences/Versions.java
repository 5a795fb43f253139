/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.sequences;

import io.bascule.benchmarks.odd.Book;
import io.bascule.benchmarks.odd.Law;
import io.bascule.benchmarks.odd.Stage;
import io.bascule.benchmarks.odd.Verdict;
import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Packets.Filter;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Publish;
import io.bascule.benchmarks.odd.wire.Version;
import io.bascule.benchmarks.odd.wire.Wire;

/** One session in two versions of the protocol, and what one version has and the other has not. */
public final class Versions {
    private static final long LASTING = 1000;

    private Versions() {}

    /** Adds them. */
    public static void addTo(Book book) {
        upwards(book);
        downwards(book);
        takeover(book);
        shares(book);
    }

    private static void upwards(Book book) {
        book.add(
                "session of 3.1.1, resumed in 5.0",
                "a 3.1.1 session with a subscription and a queued QoS 1 message; CONNECT in 5.0, Clean Start 0",
                Law.of("There is a session of this client: resume it").v5("MQTT-3.1.2-5, MQTT-3.2.2-3"),
                stage -> {
                    Wire before = stage.open(Version.V3_1_1, "before");
                    before.send(
                            stage.connect(Version.V3_1_1, "client").resume().toArray(),
                            Packets.subscribe(Version.V3_1_1, 1, new Filter(stage.topic("t"), 1)));
                    Stage.require(before.await(Packets.SUBACK, 1), "no SUBACK");
                    stage.end(before.forget());
                    stage.publishes(stage.publish("t").qos(1, 1).payload("queued"));
                    Wire client =
                            stage.accepted("client", stage.connect("client").lasting(LASTING));
                    client.await(Packets.PUBLISH, 1);
                    stage.settle();
                    return present(client).and(Verdict.delivered(client, "queued"));
                });
    }

    private static Verdict present(Wire client) {
        return Verdict.that(client.connack().present(), "Session Present 0");
    }

    private static void downwards(Book book) {
        book.add(
                "session of 5.0, resumed in 3.1.1",
                "a 5.0 session with a QoS 1 message in flight and one queued, with properties; CONNECT in 3.1.1, not clean",
                Law.of("Resume it; packets have no properties in 3.1.1").v311("MQTT-3.1.2-4, MQTT-4.4.0-1"),
                stage -> {
                    Wire before = stage.open(Version.V5, "before");
                    before.send(
                            stage.connect(Version.V5, "client").lasting(LASTING).toArray(),
                            Packets.subscribe(
                                    Version.V5,
                                    1,
                                    new Properties().variable(Properties.SUBSCRIPTION_IDENTIFIER, 7),
                                    new Filter(stage.topic("t"), 1)));
                    Stage.require(before.await(Packets.SUBACK, 1), "no SUBACK");
                    Wire publisher = stage.open(Version.V5, "publisher");
                    publisher.send(
                            stage.connect(Version.V5, "publisher").toArray(),
                            described(stage, 1, "sent").toArray(Version.V5));
                    Stage.require(before.await(Packets.PUBLISH, 1), "nothing is delivered");
                    stage.cut(before.forget());
                    publisher.send(described(stage, 2, "queued").toArray(Version.V5));
                    publisher.probe();
                    publisher.forget();
                    Wire client = stage.acknowledging(
                            "client", stage.connect("client").resume());
                    client.await(Packets.PUBLISH, 2);
                    client.probe();
                    stage.settle();
                    return present(client).and(Verdict.delivered(client, "sent", "queued"));
                });
    }

    private static Publish described(Stage stage, int id, String payload) {
        return stage.publish("t")
                .qos(1, id)
                .payload(payload)
                .properties(new Properties().user("k", "v").string(Properties.CONTENT_TYPE, "text/odd"));
    }

    private static void takeover(Book book) {
        book.add(
                "takeover of a 3.1.1 client in 5.0",
                "connected in 3.1.1; the same client connects in 5.0",
                Law.of("Close the first; 3.1.1 has no DISCONNECT from a server").v5("MQTT-3.1.4-3, 3.1.1 MQTT-3.1.4-2"),
                stage -> {
                    Wire before = stage.open(Version.V3_1_1, "before");
                    before.send(stage.connect(Version.V3_1_1, "client").toArray());
                    Stage.require(before.await(Packets.CONNACK, 1), "no CONNACK");
                    before.forget();
                    Wire client = stage.accepted("client");
                    before.awaitClosed(Wire.LIMIT_MILLIS);
                    client.probe();
                    stage.settle();
                    return Verdict.closed(before).and(Verdict.open(client));
                });
    }

    private static void shares(Book book) {
        book.add(
                "`$share/g/t` in 3.1.1",
                "SUBSCRIBE to `$share/g/t` in 3.1.1; a message to `t`",
                Law.of("3.1.1 has no shared subscriptions: the filter does not match `t`")
                        .v311("MQTT-3.3.2-3, MQTT-4.7.3-4"),
                stage -> {
                    Wire client = stage.accepted("client");
                    client.send(stage.subscribe(1, "$share/g/" + stage.topic("t"), 0));
                    client.await(Packets.SUBACK, 1);
                    stage.publishes(stage.publish("t").payload("x"));
                    stage.settle();
                    return Verdict.delivered(client);
                });
        book.add(
                "PUBLISH to `$share/g/t`",
                "PUBLISH to the topic `$share/g/t`; clients are subscribed to `$share/g/t` and `t`",
                Law.of("Both filters match `t` alone: deliver nothing, or close")
                        .v5("MQTT-3.3.2-3, §4.8.2"),
                stage -> {
                    Wire shared = stage.subscribed(stage.accepted("shared"), "$share/g/" + stage.topic("t"), 0);
                    Wire plain = stage.subscribed(stage.accepted("plain"), stage.topic("t"), 0);
                    Wire client = stage.accepted("client");
                    client.send(stage.bytes(
                            Publish.to("$share/g/" + stage.topic("t")).payload("x")));
                    client.probe();
                    stage.settle();
                    return Verdict.delivered(shared).and(Verdict.delivered(plain));
                });
    }
}
