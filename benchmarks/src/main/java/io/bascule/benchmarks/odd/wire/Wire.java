/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd.wire;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * One connection. It sends what it is told to and collects what comes; it answers nothing by itself unless told to. Used by one thread,
 * beside the one that reads.
 */
public final class Wire implements AutoCloseable {
    /** For an answer that has to come. */
    public static final long LIMIT_MILLIS = 5_000;

    private static final long ODD_MILLIS = 60;
    private static final int CONTINUES = 0x80;
    private static final int ERRORS = 0x80;
    private static final int LENGTH_BYTES = 4;

    private final Socket socket;
    private final Version version;
    private final List<Received> received = new ArrayList<>();
    private final long start = System.nanoTime();
    private int mark;
    private int probes;
    private long lastEvent = start;
    private boolean closed;
    private boolean cut;
    private final Set<Integer> hidden = new HashSet<>();
    private volatile boolean acknowledges;
    private volatile String part = "";

    /** Connects to a port of loopback. */
    public Wire(Version version, int port) throws IOException {
        this.version = version;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        Thread reader = new Thread(this::read, "reader");
        reader.setDaemon(true);
        reader.start();
    }

    /** Messages whose topic does not contain this are not for this sequence. */
    public Wire only(String partOfTopic) {
        part = partOfTopic;
        return this;
    }

    /** Packets of this type are not shown. */
    public synchronized Wire hides(int type) {
        hidden.add(type);
        return this;
    }

    /** Whether messages are not shown, so that their absence says nothing. */
    public synchronized boolean hidesMessages() {
        return hidden.contains(Packets.PUBLISH);
    }

    /** The version in which packets are read. */
    public Version version() {
        return version;
    }

    /** From now on, handshakes of QoS 1 and 2 are taken to their end as packets come, in both directions. */
    public Wire acknowledges() {
        acknowledges = true;
        return this;
    }

    /** Sends everything at once. That the other side has closed shows in {@link #isClosed()}. */
    public void send(byte[]... packets) {
        try {
            socket.getOutputStream().write(Bytes.join(packets));
        } catch (IOException e) {
            // The reader sees it, too.
        }
    }

    /** Sends each byte in a segment of its own. */
    public void sendByteByByte(byte[] packet) {
        for (byte each : packet) {
            send(new byte[] {each});
        }
    }

    private void read() {
        try (DataInputStream in = new DataInputStream(socket.getInputStream())) {
            for (int header = in.read(); header >= 0; header = in.read()) {
                int length = 0;
                int bytes = 0;
                int next;
                do {
                    next = in.readUnsignedByte();
                    length |= (next & ~CONTINUES) << 7 * bytes++;
                } while (next >= CONTINUES && bytes < LENGTH_BYTES);
                byte[] body = new byte[length];
                in.readFully(body);
                take(Received.read(version, header, body, 1 + bytes + length));
            }
        } catch (IOException e) {
            // It is closed, as it were by an end of the stream.
        }
        synchronized (this) {
            closed = true;
            event();
        }
    }

    private void take(Received packet) {
        if (packet.type() != Packets.PUBLISH || packet.topic().contains(part)) {
            synchronized (this) {
                received.add(packet);
                event();
            }
        }
        if (acknowledges && packet.type() == Packets.PUBLISH && packet.qos() > 0) {
            int type = packet.qos() == 1 ? Packets.PUBACK : Packets.PUBREC;
            send(Packets.acknowledgement(type, packet.packetId()));
        } else if (acknowledges && packet.type() == Packets.PUBREL) {
            send(Packets.acknowledgement(Packets.PUBCOMP, packet.packetId()));
        } else if (acknowledges && packet.type() == Packets.PUBREC && packet.code() < ERRORS) {
            send(Packets.acknowledgement(Packets.PUBREL, packet.packetId()));
        }
    }

    private void event() {
        lastEvent = System.nanoTime();
        notifyAll();
    }

    /** Waits until a packet like this has come since the mark, or the connection is closed, or the time is over; tells whether it came. */
    public boolean await(Predicate<Received> like) {
        await(() -> closed || packets().stream().anyMatch(like), LIMIT_MILLIS);
        return packets().stream().anyMatch(like);
    }

    /** Waits until so many packets of the type have come since the mark. */
    public boolean await(int type, int count) {
        await(() -> closed || all(type).size() >= count, LIMIT_MILLIS);
        return all(type).size() >= count;
    }

    /** Waits for so many packets of a type, but not when the client that makes them come is closed: then there is nothing to wait for. */
    public void awaitUnlessClosed(Wire client, int type, int count) {
        if (!client.isClosed()) {
            await(type, count);
        }
    }

    /** Waits until the other side has closed the connection, or the time is over. */
    public boolean awaitClosed(long millis) {
        await(() -> closed, millis);
        return isClosed();
    }

    private synchronized void await(BooleanSupplier condition, long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (long left = millis; !condition.getAsBoolean() && left > 0; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Waits until the server has made up its mind about what was sent: it closes, or it answers a PINGREQ sent behind it. The PINGREQ comes
     * a moment later, so as not to end up in the middle of a packet that the server reads in its own way.
     */
    public void probe() {
        if (awaitClosed(ODD_MILLIS)) {
            return;
        }
        int before = all(Packets.PINGRESP).size();
        synchronized (this) {
            probes++;
        }
        send(Packets.pingreq());
        await(() -> closed || all(Packets.PINGRESP).size() > before, LIMIT_MILLIS);
    }

    /** What is received so far is neither shown nor judged. */
    public synchronized Wire forget() {
        mark = received.size();
        probes = 0;
        return this;
    }

    /** All but the CONNACK is shown and judged, also what came in the same moment. */
    public synchronized Wire forgetConnack() {
        mark = 1;
        return this;
    }

    /** What has come since the mark, without the answers to probes and what is hidden. */
    public synchronized List<Received> packets() {
        List<Received> packets = new ArrayList<>();
        int pings = 0;
        for (Received packet : received.subList(mark, received.size())) {
            boolean answer = packet.type() == Packets.PINGRESP && ++pings <= probes;
            if (!answer && !hidden.contains(packet.type())) {
                packets.add(packet);
            }
        }
        return packets;
    }

    /** All packets of a type since the mark, answers to probes among them. */
    public synchronized List<Received> all(int type) {
        return received.subList(mark, received.size()).stream()
                .filter(packet -> packet.type() == type)
                .toList();
    }

    /** The first packet since the beginning, which is a CONNACK wherever the server follows the protocol. */
    public synchronized Received connack() {
        return received.get(0);
    }

    /** Whether the other side has closed it. */
    public synchronized boolean isClosed() {
        return closed && !cut;
    }

    /** Whether a probe of an open connection was left without an answer. */
    public synchronized boolean isSilent() {
        return !closed && all(Packets.PINGRESP).size() < probes;
    }

    /** Whether this side has closed it. */
    public synchronized boolean isCut() {
        return cut;
    }

    /** When something last happened, in {@link System#nanoTime()}. */
    public synchronized long lastEvent() {
        return lastEvent;
    }

    /** Since the connection was made. */
    public synchronized long millisToLastEvent() {
        return TimeUnit.NANOSECONDS.toMillis(lastEvent - start);
    }

    /** Takes the connection away without a word. */
    public void cut() {
        synchronized (this) {
            cut = !closed;
        }
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
