/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import io.bascule.itests.client.Version;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server in this process that speaks no version above one, as brokers do that are older than 5.0, and that can be exchanged for another one of its kind. It
 * takes messages and sends none, does not know the bridge bit, and remembers no session.
 */
public final class OldRemote implements Peer {

    /** What it does with a protocol level that it does not know. */
    public enum Manner {
        /** Says so as 3.1.1 has it, and closes the connection. */
        REFUSES,
        /** Closes the connection. */
        HANGS_UP
    }

    /** A message as it has come; one that came twice is there twice. */
    public record Taken(int qos, String text) {}

    private final Manner manner;
    private final PacketServer server;
    private final Set<OutputStream> clients = ConcurrentHashMap.newKeySet();
    private final List<Integer> offered = new CopyOnWriteArrayList<>();
    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private volatile int highest;
    private volatile boolean acknowledging = true;

    /** Listens on a free port. */
    public OldRemote(Manner manner, Version highest) throws IOException {
        this.manner = manner;
        this.highest = highest.level();
        this.server = new PacketServer("old remote", Client::new);
    }

    /** From now on another one listens there: connections end. */
    public void exchange(Version newHighest) {
        highest = newHighest.level();
        acknowledging = true;
        cut();
    }

    /** Connections end. */
    public void cut() {
        for (OutputStream client : clients) {
            try {
                client.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        clients.clear();
    }

    /** From now on it takes messages and says nothing, until it is exchanged. */
    public void withholdAcknowledgements() {
        acknowledging = false;
    }

    /** The protocol levels of the CONNECTs that have come. */
    public List<Integer> offered() {
        return List.copyOf(offered);
    }

    /** What has come, in order. */
    public List<Taken> taken() {
        return List.copyOf(taken);
    }

    @Override
    public int port() {
        return server.port();
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
                    return connect(out);
                }
                case 3 -> publish(first >> 1 & 3, body, out);
                case 6 -> out.write(new byte[] {0x70, 2, bytes[0], bytes[1]});
                case 12 -> out.write(new byte[] {(byte) 0xD0, 0});
                default -> {
                    // Nothing else has an answer.
                }
            }
            return first >> 4 != 14; // DISCONNECT
        }

        private boolean connect(OutputStream out) throws IOException {
            boolean known = level == highest || level == Version.MQTT_3_1_1.level();
            if (known) {
                clients.add(out);
                out.write(isOf5() ? new byte[] {0x20, 3, 0, 0, 0} : new byte[] {0x20, 2, 0, 0});
            } else if (manner == Manner.REFUSES) {
                out.write(new byte[] {0x20, 2, 0, 1});
            }
            offered.add(level); // whoever sees it may cut it off
            return known;
        }

        private boolean isOf5() {
            return level == Version.MQTT_5.level();
        }

        private void publish(int qos, DataInputStream body, OutputStream out) throws IOException {
            body.skipBytes(body.readUnsignedShort());
            byte[] packetId = body.readNBytes(qos == 0 ? 0 : 2);
            if (isOf5()) {
                body.skipBytes(PacketServer.variableInteger(body));
            }
            boolean answers = qos > 0 && acknowledging;
            taken.add(new Taken(qos, new String(body.readAllBytes(), StandardCharsets.UTF_8)));
            if (answers) {
                out.write(new byte[] {(byte) (qos == 1 ? 0x40 : 0x50), 2, packetId[0], packetId[1]});
            }
        }
    }

    /** Ends it, and its connections. */
    @Override
    public void close() {
        server.close();
        cut();
    }
}
