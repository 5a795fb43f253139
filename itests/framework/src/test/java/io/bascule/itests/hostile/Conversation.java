/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import io.bascule.itests.client.Version;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** One connection of a client, from the side of its server. */
final class Conversation implements Closeable {
    /** What a client has to do within this time it does not do. */
    private static final int PATIENCE_MILLIS = 20_000;

    /** What the bridges take, and so what they need not refuse before they have it all. */
    static final int MOST_BYTES = 65_536;

    /** So that the length of a packet can be read, wherever it was cut off. */
    private static final int REST_OF_LENGTH = 4;

    private static final int PROBE_ID = 0x7FFF;
    private static final int CONNECT = 1;
    private static final int PUBLISH = 3;
    private static final int PUBACK = 4;
    private static final int PUBREL = 6;
    private static final int SUBSCRIBE = 8;

    private final Socket socket;
    private final Version version;
    private final int patienceMillis;
    private final DataInputStream in;
    private boolean acknowledges = true;
    private boolean completes = true;

    /** What a client makes of something. */
    enum Verdict {
        /** It goes on as if nothing had been. */
        CARRIES_ON,
        /** It has closed the connection. */
        RESETS,
        /** It neither answers nor closes. */
        HANGS
    }

    /** A packet from the client. */
    private record Packet(int firstByte, byte[] body) {
        int type() {
            return firstByte >> 4;
        }

        /** Of one that begins with it. */
        int packetId() {
            return packetId(0);
        }

        int packetId(int at) {
            return (body[at] & 0xFF) << 8 | body[at + 1] & 0xFF;
        }
    }

    Conversation(Socket socket, Version version) throws IOException {
        this(socket, version, PATIENCE_MILLIS);
    }

    /** That is as patient as this. */
    Conversation(Socket socket, Version version, int patienceMillis) throws IOException {
        this.socket = socket;
        this.version = version;
        this.patienceMillis = patienceMillis;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(patienceMillis);
    }

    /** The version that it was told to speak. */
    Version version() {
        return version;
    }

    /** Reads CONNECT. */
    void connect() throws IOException {
        await(CONNECT);
    }

    /** Says that it is accepted. */
    void accept() throws IOException {
        send(ServerPackets.connAck(version));
    }

    /** Reads the SUBSCRIBEs of so many routes, and grants them. */
    void subscribed(int routes) throws IOException {
        for (int i = 0; i < routes; i++) {
            grant(await(SUBSCRIBE));
        }
    }

    /** Reads SUBSCRIBE and tells its identifier. */
    int subscribe() throws IOException {
        return await(SUBSCRIBE).packetId();
    }

    private void grant(Packet subscribe) throws IOException {
        send(ServerPackets.subAck(version, subscribe.packetId(), 2));
    }

    /** Acknowledges no message from now on. */
    void withholdAcknowledgements() {
        acknowledges = false;
    }

    /** Completes no message of QoS 2 from now on. */
    void withholdPubComp() {
        completes = false;
    }

    /** Gives a message of QoS 2 that it does not release, and waits for one that is to be acknowledged. */
    void exchange() throws IOException {
        send(ServerPackets.publish(version, 2, 2, "unreleased"));
        Packet packet;
        do {
            packet = await(PUBLISH);
        } while ((packet.firstByte & 6) == 0);
    }

    /** Says what a server should until the connection ends. */
    void behave() throws IOException {
        connect();
        accept();
        socket.setSoTimeout(0);
        while (true) {
            answer(read());
        }
    }

    void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Whether there has been an answer to all that came before, or the end. */
    Verdict probe() {
        try {
            socket.setSoTimeout(patienceMillis);
            send(ServerPackets.publish(version, "in/probe", 1, PROBE_ID, ""));
            Packet packet;
            do {
                packet = await(PUBACK);
            } while (packet.packetId() != PROBE_ID);
            return Verdict.CARRIES_ON;
        } catch (SocketTimeoutException e) {
            return Verdict.HANGS;
        } catch (IOException e) {
            return Verdict.RESETS;
        }
    }

    /** Sends this, and what is missing of its last packet, and judges what becomes of it. */
    Verdict judge(byte... attack) {
        return judge(attack, new byte[0]);
    }

    /** The same before CONNACK, which follows. */
    Verdict judgeBeforeConnAck(byte... attack) {
        return judge(attack, ServerPackets.connAck(version));
    }

    private Verdict judge(byte[] attack, byte[] behind) {
        int missing = Cuts.missing(attack, MOST_BYTES);
        try {
            send(attack);
            if (missing == Cuts.NEVER) {
                send(new byte[REST_OF_LENGTH]);
                return awaitEnd();
            }
            send(Bytes.of().raw(new byte[missing]).raw(behind).toArray());
        } catch (IOException e) {
            return Verdict.RESETS;
        }
        return probe();
    }

    /** Whether the client closes the connection without being told anything more. */
    Verdict awaitEnd() {
        try {
            socket.setSoTimeout(patienceMillis);
            while (true) {
                answer(read());
            }
        } catch (SocketTimeoutException e) {
            return Verdict.HANGS;
        } catch (IOException e) {
            return Verdict.RESETS;
        }
    }

    /** Answers what else comes. */
    private Packet await(int type) throws IOException {
        while (true) {
            Packet packet = read();
            if (packet.type() == type) {
                return packet;
            }
            answer(packet);
        }
    }

    private void answer(Packet packet) throws IOException {
        switch (packet.type()) {
            case PUBLISH -> acknowledge(packet);
            case PUBREL -> complete(packet);
            case SUBSCRIBE -> grant(packet);
            case 10 -> send(ServerPackets.unsubAck(version, packet.packetId()));
            case 12 -> send((byte) 0xD0, (byte) 0);
            default -> {
                // Has no answer.
            }
        }
    }

    private void acknowledge(Packet publish) throws IOException {
        int qos = publish.firstByte >> 1 & 3;
        if (qos > 0 && acknowledges) {
            reply(qos == 1 ? 0x40 : 0x50, publish.packetId(2 + publish.packetId()));
        }
    }

    private void complete(Packet pubRel) throws IOException {
        if (completes) {
            reply(0x70, pubRel.packetId());
        }
    }

    private void reply(int firstByte, int packetId) throws IOException {
        send(Bytes.of().u16(packetId).packet(firstByte));
    }

    private Packet read() throws IOException {
        int firstByte = in.readUnsignedByte();
        int length = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.readUnsignedByte();
            length |= (digit & 127) << shift;
            shift += 7;
        } while (digit > 127);
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException();
        }
        return new Packet(firstByte, body);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
