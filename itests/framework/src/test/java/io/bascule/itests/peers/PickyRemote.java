/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server of MQTT 3.1.1 and 5.0 in this process that closes the connection over what it does not take, and has not said so before, as some services
 * do. It takes no QoS 2, grants what it is asked for and remembers no session.
 */
public final class PickyRemote implements Peer {
    private static final int MQTT_5 = 5;
    private static final int RETAIN = 1;

    private final int mostFilters;
    private final boolean takesRetain;
    private final PacketServer server;
    private final List<String> offences = new CopyOnWriteArrayList<>();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<Integer> subscribed = new CopyOnWriteArrayList<>();

    /** Listens on a free port. */
    public PickyRemote(int mostFilters, boolean takesRetain) throws IOException {
        this.mostFilters = mostFilters;
        this.takesRetain = takesRetain;
        this.server = new PacketServer("picky remote", Client::new);
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
                    return connect(level, out);
                }
                case 3 -> {
                    return publish(first, level, body, out);
                }
                case 8 -> {
                    return subscribe(level, body, out);
                }
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
        body.skipBytes(body.readUnsignedShort());
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
        int filters = 0;
        while (body.available() > 0) {
            body.skipBytes(body.readUnsignedShort() + 1);
            filters++;
        }
        if (filters > mostFilters) {
            return offend(filters + " filters");
        }
        int properties = level == MQTT_5 ? 1 : 0;
        byte[] answer = new byte[4 + properties + filters];
        answer[0] = (byte) 0x90;
        answer[1] = (byte) (answer.length - 2);
        answer[2] = packetId[0];
        answer[3] = packetId[1];
        out.write(answer);
        subscribed.add(filters);
        return true;
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
