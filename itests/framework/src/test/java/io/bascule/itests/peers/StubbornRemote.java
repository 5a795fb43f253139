/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of MQTT 5.0 in this process that gets as far as it is told to, and no further. It remembers no session. */
public final class StubbornRemote implements Peer {

    /** How far it gets. */
    public enum Manner {
        /** Says that user name or password are wrong. */
        REFUSES,
        /** Closes the connection instead of CONNACK. */
        HANGS_UP,
        /** Closes the connection in the middle of CONNACK. */
        BREAKS_OFF,
        /** Never answers a CONNECT. */
        KEEPS_SILENT,
        /** Accepts a CONNECT, and reads nothing more. */
        READS_NO_MORE,
        /** Closes the connection after SUBACK. */
        FLAPS,
        /** Answers no QoS 2 message. */
        WITHHOLDS_PUBREC,
        /** Answers no PUBREL. */
        WITHHOLDS_PUBCOMP,
        /** Sends a QoS 2 message to {@code in/x} and never releases it. */
        WITHHOLDS_PUBREL
    }

    private final Manner manner;
    private final PacketServer server;
    private final AtomicInteger reached = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Listens on a free port. */
    public StubbornRemote(Manner manner) throws IOException {
        this.manner = manner;
        this.server = new PacketServer("stubborn remote", () -> this::answer);
    }

    @Override
    public int port() {
        return server.port();
    }

    /** How often it got as far as it gets. */
    public int reached() {
        return reached.get();
    }

    private boolean answer(int first, byte[] body, OutputStream out) throws IOException {
        return switch (first >> 4) {
            case 1 -> connect(out);
            case 3 -> publish(first >> 1 & 3, body, out);
            case 5 -> reach(Manner.WITHHOLDS_PUBREL); // PUBREC
            case 6 -> manner == Manner.WITHHOLDS_PUBCOMP ? reach(manner) : send(out, "7002", body[0], body[1]);
            case 8 -> subscribe(body, out);
            case 12 -> send(out, "d000");
            default -> first >> 4 != 14; // DISCONNECT
        };
    }

    private boolean connect(OutputStream out) throws IOException {
        return switch (manner) {
            case REFUSES -> send(out, "2003008600") && !reach(manner);
            case HANGS_UP -> !reach(manner);
            case BREAKS_OFF -> send(out, "2003") && !reach(manner);
            case KEEPS_SILENT -> reach(manner);
            case READS_NO_MORE -> send(out, "2003000000") && reach(manner) && awaitClosed();
            default -> send(out, "2003000000");
        };
    }

    private boolean awaitClosed() throws IOException {
        try {
            closed.await();
            return false;
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    private boolean subscribe(byte[] body, OutputStream out) throws IOException {
        send(out, "9004", body[0], body[1], (byte) 0, (byte) 2);
        return switch (manner) {
            case FLAPS -> !reach(manner);
            case WITHHOLDS_PUBREL -> send(out, "340a0004696e2f780001000078"); // in/x, QoS 2, packet identifier 1
            default -> true;
        };
    }

    private boolean publish(int qos, byte[] body, OutputStream out) throws IOException {
        int packetId = 2 + (body[0] << 8) + body[1];
        return switch (qos) {
            case 1 -> send(out, "4002", body[packetId], body[packetId + 1]);
            case 2 ->
                manner == Manner.WITHHOLDS_PUBREC
                        ? reach(manner)
                        : send(out, "5002", body[packetId], body[packetId + 1]);
            default -> true;
        };
    }

    private boolean reach(Manner where) {
        if (where == manner) {
            reached.incrementAndGet();
        }
        return true;
    }

    private static boolean send(OutputStream out, String hex, byte... more) throws IOException {
        out.write(HexFormat.of().parseHex(hex + HexFormat.of().formatHex(more)));
        return true;
    }

    /** Ends it; connections that are open end with their other ends. */
    @Override
    public void close() {
        closed.countDown();
        server.close();
    }
}
