/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import static io.bascule.itests.differential.Step.PREFIX;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Makes up the next step of a sequence, valid or with one thing wrong. It knows what its clients have said, and no answer. */
final class Author {
    static final int V5 = 5;

    private static final int V3_1_1 = 4;
    private static final int CLIENTS = 2;
    private static final int ONE_FAULT_IN = 12;
    private static final int LONG_SECONDS = 1_000_000;
    private static final List<String> TOPICS = List.of("/a", "/a/b", "/b", "/a/b/c", "//x", "/$x", "");
    private static final List<String> OVERLAPPING =
            List.of("/#", "/a", "/+", "/a/#", "/+/b", "/a/+", "/+/+/c", "//+", "/a/b/c/#", "/b", "");
    /** No topic matches two filters of a list. */
    private static final List<List<String>> DISJOINT = List.of(
            List.of("/a", "/b", "/a/b", "/a/b/c", "//x", "/$x", ""),
            List.of("/+", "/+/b", "/a/b/c/#", "//+", ""),
            List.of("/a/#", "/b", "//+", "/$x"),
            List.of("/+/+/c", "/a", "/a/+"),
            List.of("/#"));

    private static final List<String> RESPONSES = List.of("/a", "/r");

    private final Chance chance;
    private final int[] version = new int[CLIENTS];
    private final int[] packetId = new int[CLIENTS];
    private final boolean[] holds = new boolean[CLIENTS];
    private final boolean[] hasAlias = new boolean[CLIENTS];
    private final boolean overlapping;
    /** Either connections have wills or they are taken over: Mosquitto 2.0 loses the will of one that is. */
    private final boolean takesOver;

    /** Either the send quota is used up or there are QoS 0 messages: whether these wait for the quota, too, is the server's choice [5.0 4.9]. */
    private final boolean usesUpQuota;

    /** The same at each CONNECT: Mosquitto 2.0 sends again what was under way even where it is more than the new one allows [MQTT-3.3.4-9]. */
    private final int quota;

    private final List<String> filters;
    private final int shared;
    /** No Local and Retain As Published of each filter: Mosquitto 2.0 does not change them when a client subscribes again. */
    private final int[] flags;
    /** All that is spoken where there are such flags or a quota, which 3.1.1 does not have. */
    private final boolean onlyV5;

    private int payloads;

    /** Whether topics may match several subscriptions of a client. */
    Author(Chance chance, boolean overlapping) {
        this.chance = chance;
        this.overlapping = overlapping;
        takesOver = chance.oneIn(2);
        usesUpQuota = !overlapping && chance.oneIn(4);
        quota = 1 + chance.below(3);
        filters = overlapping ? OVERLAPPING : chance.of(DISJOINT);
        // A filter is shared all through a sequence or not at all: the two subscriptions would overlap.
        shared = overlapping || takesOver || chance.oneIn(2) ? -1 : chance.below(filters.size());
        flags = new int[filters.size()];
        onlyV5 = usesUpQuota || chance.oneIn(2);
        for (int filter = 0; onlyV5 && filter < flags.length; filter++) {
            boolean noLocal = filter != shared && chance.oneIn(4); // [MQTT-3.8.3-4]
            flags[filter] = (noLocal ? 4 : 0) | (chance.oneIn(3) ? 8 : 0);
        }
    }

    /** A step of a client whose connection is open or not. */
    Step next(int client, boolean open) {
        if (!open) {
            version[client] = onlyV5 || chance.oneIn(2) ? V5 : V3_1_1;
            // One without a client id is accepted, and its session would be a second member of the client's group.
            boolean mayBeNameless = shared < 0;
            return chance.oneIn(ONE_FAULT_IN)
                    ? new Faults(chance).connect(client, version[client], mayBeNameless)
                    : connect(client);
        }
        if (chance.oneIn(ONE_FAULT_IN)) {
            return new Faults(chance).of(client, version[client]);
        }
        int choice = chance.below(100);
        if (choice < 45) {
            return publish(client);
        }
        if (choice < 70) {
            return subscribe(client);
        }
        if (choice < 78) {
            return unsubscribe(client);
        }
        if (choice < 84) {
            return holds[client] ? release(client) : publish(client);
        }
        if (choice < 89) {
            return disconnect(client);
        }
        return choice >= 94 && takesOver ? connect(client) : Step.cut(client);
    }

    private Step release(int client) {
        holds[client] = false;
        return Step.release(client);
    }

    private int nextPacketId(int client) {
        return ++packetId[client];
    }

    /** Where the quota is used up it would show in which order retained messages of several topics come, which is the server's choice. */
    private boolean isRetained() {
        return !usesUpQuota && chance.oneIn(3);
    }

    private int qos() {
        return usesUpQuota ? 1 + chance.below(2) : chance.below(3);
    }

    private String payload() {
        return !overlapping && chance.oneIn(8) ? "" : "m" + payloads++;
    }

    private Step connect(int client) {
        version[client] = onlyV5 || chance.oneIn(2) ? V5 : V3_1_1;
        boolean v5 = version[client] == V5;
        holds[client] = !overlapping && chance.oneIn(4);
        hasAlias[client] = false;
        boolean clean = chance.oneIn(2);
        StringBuilder name = new StringBuilder("CONNECT").append(clean ? " clean" : "");
        int flags = clean ? 2 : 0;
        Draft properties = new Draft();
        if (chance.oneIn(2)) {
            properties.raw(0x11).four(chance.of(List.of(LONG_SECONDS, -1, 0)));
        }
        if (usesUpQuota) {
            properties.raw(0x21).two(quota);
        } else if (!holds[client] && chance.oneIn(4)) {
            properties.raw(0x21).two(1 + chance.below(3));
        }
        if (chance.oneIn(3)) {
            properties.raw(0x22).two(chance.below(3));
        }
        Draft payload = new Draft().string(PREFIX + (takesOver && chance.oneIn(3) ? "b" : "ab".charAt(client)));
        if (!takesOver && chance.oneIn(3)) {
            name.append(", will");
            flags |= 4 | qos() << 3 | (isRetained() ? 0x20 : 0);
            if (v5) {
                payload.withLength(messageProperties());
            }
            payload.string(PREFIX + chance.of(TOPICS)).string(payload());
        }
        if (chance.oneIn(6)) {
            flags |= 0xC0;
            payload.string("user").string("password");
        }
        Draft body = new Draft().string("MQTT").raw(version[client], flags).two(600);
        if (v5) {
            body.withLength(properties);
        }
        byte[] bytes = Draft.packet(0x10, body.raw(payload.toArray()));
        return Step.connect(client, version[client], holds[client], bytes, name.toString());
    }

    /** What a server has to forward with a message. */
    private Draft messageProperties() {
        Draft properties = new Draft();
        if (chance.oneIn(4)) {
            properties.raw(0x01, 1);
        }
        if (chance.oneIn(4)) {
            properties.raw(0x02).four(LONG_SECONDS);
        }
        if (chance.oneIn(4)) {
            properties.raw(0x03).string("text/plain");
        }
        if (chance.oneIn(4)) {
            properties.raw(0x08).string(PREFIX + chance.of(RESPONSES));
            properties.raw(0x09).binary("id".getBytes(UTF_8));
        }
        while (chance.oneIn(4)) {
            properties.raw(0x26).string("k" + chance.below(2)).string("v" + chance.below(2));
        }
        return properties;
    }

    private Step publish(int client) {
        int qos = qos();
        boolean retain = isRetained();
        String topic = PREFIX + chance.of(TOPICS);
        Draft properties = messageProperties();
        String name = "PUBLISH QoS " + qos + (retain ? ", retained" : "");
        if (version[client] == V5 && chance.oneIn(5)) {
            properties.raw(0x23).two(1);
            name += ", alias";
            if (hasAlias[client] && chance.oneIn(2)) {
                topic = "";
            }
            hasAlias[client] = true;
        }
        Draft body = new Draft().string(topic);
        if (qos > 0) {
            body.two(nextPacketId(client));
        }
        if (version[client] == V5) {
            body.withLength(properties);
        }
        String payload = payload();
        int header = 0x30 | qos << 1 | (retain ? 1 : 0);
        return Step.send(
                client,
                Draft.packet(header, body.raw(payload.getBytes(UTF_8))),
                name + (payload.isEmpty() ? ", empty" : ""));
    }

    private Step subscribe(int client) {
        boolean v5 = version[client] == V5;
        Draft body = new Draft().two(nextPacketId(client));
        StringBuilder name = new StringBuilder("SUBSCRIBE");
        if (v5) {
            Draft properties = new Draft();
            if (chance.oneIn(3)) {
                properties.raw(0x0B, 1 + chance.below(4));
                name.append(", identifier");
            }
            body.withLength(properties);
        }
        do {
            int filter = chance.below(filters.size());
            int options = qos();
            if (v5) {
                options |= flags[filter] | chance.below(3) << 4;
            }
            body.string(filter(client, filter)).raw(options);
            name.append(filter == shared ? ", shared" : "").append((options & 4) != 0 ? ", no local" : "");
        } while (chance.oneIn(3));
        return Step.send(client, Draft.packet(0x82, body), name.toString());
    }

    private Step unsubscribe(int client) {
        Draft body = new Draft().two(nextPacketId(client));
        if (version[client] == V5) {
            body.withLength(new Draft());
        }
        do {
            body.string(filter(client, chance.below(filters.size())));
        } while (chance.oneIn(3));
        return Step.send(client, Draft.packet(0xA2, body), "UNSUBSCRIBE");
    }

    /** Only one member in a group, as the server chooses who gets a message. */
    private String filter(int client, int index) {
        return (index == shared ? "$share/g" + client + "/" : "") + PREFIX + filters.get(index);
    }

    private Step disconnect(int client) {
        Draft body = new Draft();
        String name = "DISCONNECT";
        if (version[client] == V5 && chance.oneIn(2)) {
            body.raw(4);
            name += " with will";
        }
        return Step.send(client, Draft.packet(0xE0, body), name);
    }
}
