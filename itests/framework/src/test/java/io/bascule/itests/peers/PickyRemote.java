/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server of MQTT 3.1.1 and 5.0 in this process that closes the connection over what it does not take, and has not said so before, as some services
 * do. It takes no QoS 2, has one client at a time, and remembers no session.
 */
public final class PickyRemote implements Peer {
    private static final int MQTT_5 = 5;
    private static final int RETAIN = 1;

    private final int mostFilters;
    private final boolean takesRetain;
    private final PacketServer server;
    private final Set<String> filters = ConcurrentHashMap.newKeySet();
    private volatile int mostLevels = Integer.MAX_VALUE;
    private volatile int mostSubscriptions = Integer.MAX_VALUE;
    private volatile OutputStream client;
    private volatile int clientLevel;
    private final List<String> offences = new CopyOnWriteArrayList<>();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<Integer> subscribed = new CopyOnWriteArrayList<>();

    /** Listens on a free port. */
    public PickyRemote(int mostFilters, boolean takesRetain) throws IOException {
        this.mostFilters = mostFilters;
        this.takesRetain = takesRetain;
        this.server = new PacketServer("picky remote", Client::new);
    }

    /** From now on it takes no topic with more levels. */
    public void takeLevels(int most) {
        mostLevels = most;
    }

    /** From now on it grants no more subscriptions, and says so. */
    public void grant(int most) {
        mostSubscriptions = most;
    }

    /** What its client is subscribed to. */
    public Set<String> filters() {
        return Set.copyOf(filters);
    }

    /** Sends this to its client with QoS 0, once for each subscription that matches. */
    public void send(String topic, String text) throws IOException {
        for (String filter : filters) {
            if (TopicFilter.of(filter).matches(Topic.of(topic))) {
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                DataOutputStream data = new DataOutputStream(body);
                data.writeUTF(topic);
                if (clientLevel == MQTT_5) {
                    data.write(0);
                }
                data.write(text.getBytes(StandardCharsets.UTF_8));
                client.write(packet(0x30, body.toByteArray()));
            }
        }
    }

    private static byte[] packet(int first, byte[] body) {
        byte[] packet = new byte[2 + body.length]; // none has more than 127 bytes
        packet[0] = (byte) first;
        packet[1] = (byte) body.length;
        System.arraycopy(body, 0, packet, 2, body.length);
        return packet;
    }

    @Override
    public int port() {
        return server.port();
    }

    /** What it has closed connections over. */
    public List<String> offences() {
        return List.copyOf(offences);
    }

    /** The payloads that it has taken, in order; one that came twice is there twice. */
    public List<String> received() {
        return List.copyOf(received);
    }

    /** How many filters there were in each SUBSCRIBE that it has granted. */
    public List<Integer> subscribed() {
        return List.copyOf(subscribed);
    }

    /** Who is connected. */
    private final class Client implements PacketServer.Conversation {
        private int level;

        @Override
        public boolean answer(int first, byte[] bytes, OutputStream out) throws IOException {
            DataInputStream body = new DataInputStream(new ByteArrayInputStream(bytes));
            switch (first >> 4) {
                case 1 -> {
                    body.skipBytes(body.readUnsignedShort());
                    level = body.readUnsignedByte();
                    filters.clear();
                    clientLevel = level;
                    client = out;
                    return connect(level, out);
                }
                case 3 -> {
                    return publish(first, level, body, out);
                }
                case 8 -> {
                    return subscribe(level, body, out);
                }
                case 10 -> unsubscribe(level, body, out);
                case 12 -> out.write(new byte[] {(byte) 0xD0, 0});
                default -> {
                    // Nothing else has an answer.
                }
            }
            return first >> 4 != 14; // DISCONNECT
        }
    }

    private static void skipProperties(int level, DataInputStream body) throws IOException {
        if (level == MQTT_5) {
            body.skipBytes(PacketServer.variableInteger(body));
        }
    }

    private static boolean connect(int level, OutputStream out) throws IOException {
        boolean known = level == MQTT_5 || level == MQTT_5 - 1; // not the bridge bit
        if (known) {
            out.write(level == MQTT_5 ? new byte[] {0x20, 3, 0, 0, 0} : new byte[] {0x20, 2, 0, 0});
        }
        return known;
    }

    private boolean publish(int first, int level, DataInputStream body, OutputStream out) throws IOException {
        int qos = first >> 1 & 3;
        if (qos > 1) {
            return offend("QoS " + qos);
        }
        if ((first & RETAIN) != 0 && !takesRetain) {
            return offend("RETAIN");
        }
        int levels = body.readUTF().split("/", -1).length;
        if (levels > mostLevels) {
            return offend(levels + " levels");
        }
        byte[] packetId = body.readNBytes(qos == 0 ? 0 : 2);
        skipProperties(level, body);
        received.add(new String(body.readAllBytes(), StandardCharsets.UTF_8));
        if (qos == 1) {
            out.write(new byte[] {0x40, 2, packetId[0], packetId[1]});
        }
        return true;
    }

    private boolean subscribe(int level, DataInputStream body, OutputStream out) throws IOException {
        byte[] packetId = body.readNBytes(2);
        skipProperties(level, body);
        List<String> asked = new ArrayList<>();
        while (body.available() > 0) {
            asked.add(body.readUTF());
            body.skipBytes(1);
        }
        if (asked.size() > mostFilters) {
            return offend(asked.size() + " filters");
        }
        ByteArrayOutputStream answer = answer(level, packetId);
        for (String filter : asked) {
            boolean granted = filters.contains(filter) || filters.size() < mostSubscriptions;
            if (granted) {
                filters.add(filter);
            }
            answer.write(granted ? 0 : level == MQTT_5 ? 0x97 : 0x80);
        }
        out.write(packet(0x90, answer.toByteArray()));
        subscribed.add(asked.size());
        return true;
    }

    private void unsubscribe(int level, DataInputStream body, OutputStream out) throws IOException {
        ByteArrayOutputStream answer = answer(level, body.readNBytes(2));
        skipProperties(level, body);
        while (body.available() > 0) {
            boolean known = filters.remove(body.readUTF());
            if (level == MQTT_5) {
                answer.write(known ? 0 : 0x11);
            }
        }
        out.write(packet(0xB0, answer.toByteArray()));
    }

    private static ByteArrayOutputStream answer(int level, byte[] packetId) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(packetId);
        if (level == MQTT_5) {
            answer.write(0); // no properties
        }
        return answer;
    }

    private boolean offend(String what) {
        offences.add(what);
        return false;
    }

    @Override
    public void close() {
        server.close();
    }
}
