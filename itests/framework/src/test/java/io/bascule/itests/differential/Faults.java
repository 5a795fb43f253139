/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import static io.bascule.itests.differential.Step.PREFIX;

import java.util.ArrayList;
import java.util.List;

/** Packets with one thing wrong. */
final class Faults {
    /** Beyond every Packet Identifier that a client of a sequence uses otherwise. */
    private static final int OTHER_ID = 9999;

    private static final Draft NOTHING = new Draft();

    private final Chance chance;
    private final List<Fault> faults = new ArrayList<>();
    private int version;

    private record Fault(String name, byte[] bytes) {}

    Faults(Chance chance) {
        this.chance = chance;
    }

    /** One for a connection that is open. */
    Step of(int client, int itsVersion) {
        version = itsVersion;
        subscribing();
        unsubscribing();
        publishing();
        acknowledging();
        other();
        add("second CONNECT", 0x10, connectBody("MQTT", version, 2, NOTHING, PREFIX + "ab".charAt(client)));
        if (version == Author.V5) {
            v5();
        }
        Fault fault = chance.of(faults);
        return Step.send(client, fault.bytes(), fault.name());
    }

    private void add(String name, int header, Draft body) {
        faults.add(new Fault(name, Draft.packet(header, body)));
    }

    /** A Packet Identifier and properties, where the version has them. */
    private Draft head(int packetId, Draft properties) {
        return properties(new Draft().two(packetId), properties);
    }

    private Draft properties(Draft behind, Draft properties) {
        return version == Author.V5 ? behind.withLength(properties) : behind;
    }

    private Draft subscription(String filter, int options) {
        return head(OTHER_ID, NOTHING).string(filter).raw(options);
    }

    private void subscribing() {
        String filter = PREFIX + "/a";
        add("SUBSCRIBE with flags 0", 0x80, subscription(filter, 0));
        add("SUBSCRIBE with packet id 0", 0x82, head(0, NOTHING).string(filter).raw(0));
        add("SUBSCRIBE of no filter", 0x82, head(OTHER_ID, NOTHING));
        add("SUBSCRIBE with QoS 3", 0x82, subscription(filter, 3));
        add("SUBSCRIBE with reserved options", 0x82, subscription(filter, 0xC0));
        add("SUBSCRIBE without options", 0x82, head(OTHER_ID, NOTHING).string(filter));
        for (String bad : List.of("/#/b", "/a+", "/#a", "/a#", "/+a/b", "/\0")) {
            add("SUBSCRIBE to a bad filter", 0x82, subscription(PREFIX + bad, 1));
        }
        add("SUBSCRIBE to an empty filter", 0x82, subscription("", 1));
        add(
                "SUBSCRIBE to bytes that are not UTF-8",
                0x82,
                head(OTHER_ID, NOTHING)
                        .binary(new byte[] {'a', (byte) 0xC0, (byte) 0x80})
                        .raw(0));
    }

    private void unsubscribing() {
        add("UNSUBSCRIBE with flags 0", 0xA0, head(OTHER_ID, NOTHING).string(PREFIX));
        add("UNSUBSCRIBE with packet id 0", 0xA2, head(0, NOTHING).string(PREFIX));
        add("UNSUBSCRIBE of no filter", 0xA2, head(OTHER_ID, NOTHING));
        add("UNSUBSCRIBE of a bad filter", 0xA2, head(OTHER_ID, NOTHING).string(PREFIX + "/#/b"));
        add("UNSUBSCRIBE of an empty filter", 0xA2, head(OTHER_ID, NOTHING).string(""));
    }

    private Draft message(String topic) {
        return properties(new Draft().string(topic), NOTHING).raw('m');
    }

    private void publishing() {
        for (String bad : List.of("/+", "/#", "/a+b", "/\0")) {
            add("PUBLISH to a bad topic", 0x30, message(PREFIX + bad));
        }
        add("PUBLISH to an empty topic", 0x30, message(""));
        Draft withId = properties(new Draft().string(PREFIX + "/a").two(OTHER_ID), NOTHING);
        add("PUBLISH with QoS 3", 0x36, withId);
        add("PUBLISH with QoS 0 and DUP", 0x38, message(PREFIX + "/a"));
        Draft withId0 = properties(new Draft().string(PREFIX + "/a").two(0), NOTHING);
        add("PUBLISH with packet id 0", 0x32, withId0);
        add("PUBLISH with packet id 0, QoS 2", 0x34, withId0);
        add(
                "PUBLISH to bytes that are not UTF-8",
                0x30,
                properties(new Draft().binary(new byte[] {'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80}), NOTHING));
        add("PUBLISH that ends in its topic", 0x30, new Draft().two(200).raw('m'));
        add("PUBLISH without packet id", 0x32, new Draft().string(PREFIX + "/a"));
    }

    private void acknowledging() {
        Draft unknown = new Draft().two(OTHER_ID);
        add("PUBACK of what was not sent", 0x40, unknown);
        add("PUBREC of what was not sent", 0x50, unknown);
        add("PUBREL of what was not sent", 0x62, unknown);
        add("PUBCOMP of what was not sent", 0x70, unknown);
        add("PUBACK with flags 2", 0x42, unknown);
        add("PUBREL with flags 0", 0x60, unknown);
        add("PUBACK without packet id", 0x40, NOTHING);
    }

    private void other() {
        add("PINGREQ with flags 1", 0xC1, NOTHING);
        add("PINGREQ with a body", 0xC0, new Draft().raw(0));
        add("packet of type 0", 0x00, NOTHING);
        add("CONNACK from a client", 0x20, new Draft().raw(0, 0));
        add("SUBACK from a client", 0x90, new Draft().two(OTHER_ID).raw(0));
        add("PINGRESP from a client", 0xD0, NOTHING);
        add("DISCONNECT with flags 1", 0xE1, NOTHING);
        add("AUTH without a method", 0xF0, NOTHING);
    }

    private void v5() {
        Draft topic = new Draft().string(PREFIX + "/a");
        String filter = PREFIX + "/a";
        for (Draft bad : badProperties()) {
            add(
                    "PUBLISH with a bad property",
                    0x30,
                    new Draft().raw(topic.toArray()).withLength(bad));
        }
        add("PUBLISH with alias 0", 0x30, message5(new Draft().raw(0x23).two(0)));
        add("PUBLISH with alias 65535", 0x30, message5(new Draft().raw(0x23).two(65_535)));
        add(
                "PUBLISH with an alias nobody knows",
                0x30,
                new Draft().string("").withLength(new Draft().raw(0x23).two(7)));
        add(
                "PUBLISH with properties too long",
                0x30,
                new Draft().raw(topic.toArray()).raw(100, 1, 1));
        Draft id = new Draft().raw(0x0B, 1);
        add(
                "SUBSCRIBE with identifier 0",
                0x82,
                head(OTHER_ID, new Draft().raw(0x0B, 0)).string(filter).raw(0));
        add(
                "SUBSCRIBE with two identifiers",
                0x82,
                head(OTHER_ID, new Draft().raw(id.toArray()).raw(id.toArray()))
                        .string(filter)
                        .raw(0));
        add(
                "SUBSCRIBE with another packet's property",
                0x82,
                head(OTHER_ID, new Draft().raw(0x01, 1)).string(filter).raw(0));
        add("SUBSCRIBE with retain handling 3", 0x82, subscription(filter, 0x30));
        add("SUBSCRIBE shared with no local", 0x82, subscription("$share/g/" + filter, 4));
        for (String bad : List.of("$share/g", "$share/g/", "$share//" + filter, "$share/+/" + filter, "$share/#/a")) {
            add("SUBSCRIBE to a bad shared filter", 0x82, subscription(bad, 0));
        }
        add("DISCONNECT that no client may send", 0xE0, new Draft().raw(0x8E));
        add("DISCONNECT with no reason code there is", 0xE0, new Draft().raw(0x01));
        add("DISCONNECT with a bad property", 0xE0, new Draft().raw(0).withLength(new Draft().raw(0x01, 1)));
        add(
                "PUBACK with no reason code there is",
                0x40,
                new Draft().two(OTHER_ID).raw(0x01));
    }

    private Draft message5(Draft properties) {
        return new Draft().string(PREFIX + "/a").withLength(properties).raw('m');
    }

    private static List<Draft> badProperties() {
        return List.of(
                new Draft().raw(0x7E, 0), // no such
                new Draft().raw(0x11).four(1), // of CONNECT
                new Draft().raw(0x0B, 1), // of a server
                new Draft().raw(0x01, 2),
                new Draft().raw(0x01, 1, 0x01, 1),
                new Draft().raw(0x03).string("a").raw(0x03).string("a"),
                new Draft().raw(0x08).string("a/+"),
                new Draft().raw(0x08).string(""),
                new Draft().raw(0x26).string("name alone"),
                new Draft().raw(0x02, 0));
    }

    private static Draft connectBody(String protocol, int level, int flags, Draft properties, String clientId) {
        Draft body = new Draft().string(protocol).raw(level, flags).two(600);
        return (level == Author.V5 ? body.withLength(properties) : body).string(clientId);
    }

    /** One instead of a good CONNECT. */
    Step connect(int client, int itsVersion, boolean mayBeNameless) {
        version = itsVersion;
        String id = PREFIX + "ab".charAt(client);
        connecting("protocol MQTX", connectBody("MQTX", version, 2, NOTHING, id));
        connecting("level 9", connectBody("MQTT", 9, 2, NOTHING, id));
        connecting("the reserved flag", connectBody("MQTT", version, 3, NOTHING, id));
        connecting("will QoS and no will", connectBody("MQTT", version, 0x0A, NOTHING, id));
        connecting("will retain and no will", connectBody("MQTT", version, 0x22, NOTHING, id));
        connecting("the will flag and no will", connectBody("MQTT", version, 6, NOTHING, id));
        connecting("user name flag and no user name", connectBody("MQTT", version, 0x82, NOTHING, id));
        connecting("client id of bytes that are no UTF-8", connectBody("MQTT", version, 2, NOTHING, id + "\0"));
        connecting("flags 1", connectBody("MQTT", version, 2, NOTHING, id), 0x11);
        Draft noWill = new Draft();
        connecting("will QoS 3", will(0x1E, id, noWill, PREFIX + "/a"));
        connecting("will to a wildcard", will(6, id, noWill, PREFIX + "/+"));
        connecting("no client id and no clean start", connectBody("MQTT", version, 0, NOTHING, ""));
        if (mayBeNameless) {
            connecting("no client id", connectBody("MQTT", version, 2, NOTHING, ""));
        }
        connecting(
                "bytes behind it", connectBody("MQTT", version, 2, NOTHING, id).raw(0));
        if (version == Author.V5) {
            for (Draft bad : badConnectProperties()) {
                connecting("a bad property", connectBody("MQTT", version, 2, bad, id));
            }
            connecting("a bad will property", will(6, id, new Draft().raw(0x11).four(1), PREFIX + "/a"));
            connecting(
                    "a method nobody knows",
                    connectBody("MQTT", version, 2, new Draft().raw(0x15).string("x"), id));
        } else {
            connecting(
                    "a password and no user name",
                    connectBody("MQTT", version, 0x42, NOTHING, id).string("p"));
        }
        Fault fault = chance.of(faults);
        return Step.connect(client, version, false, fault.bytes(), fault.name());
    }

    private void connecting(String name, Draft body) {
        connecting(name, body, 0x10);
    }

    private void connecting(String name, Draft body, int header) {
        add("CONNECT with " + name, header, body);
    }

    private Draft will(int flags, String clientId, Draft willProperties, String topic) {
        return properties(connectBody("MQTT", version, flags, NOTHING, clientId), willProperties)
                .string(topic)
                .string("will");
    }

    private static List<Draft> badConnectProperties() {
        return List.of(
                new Draft().raw(0x21).two(0),
                new Draft().raw(0x27).four(0),
                new Draft().raw(0x17, 2),
                new Draft().raw(0x19, 2),
                new Draft().raw(0x11).four(1).raw(0x11).four(1),
                new Draft().raw(0x21).two(1).raw(0x21).two(1),
                new Draft().raw(0x16).binary(new byte[] {1}),
                new Draft().raw(0x01, 1),
                new Draft().raw(0x7E, 1));
    }
}
