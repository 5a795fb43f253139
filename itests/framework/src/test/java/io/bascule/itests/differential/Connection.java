/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One connection of one client to one of the brokers, and what came over it in a form that can be compared. Used by one thread. */
final class Connection implements AutoCloseable {
    private static final int SILENCE_MILLIS = 20_000;
    private static final int ERRORS = 0x80;
    private static final int V5 = 5;
    /** Message Expiry Intervals are compared to that many seconds, as time goes by. */
    private static final int SECONDS = 10_000;

    private static final byte[] PINGREQ = {(byte) 0xC0, 0};

    private final Socket socket;
    private final DataInputStream in;
    private final int version;
    private final String prefix;
    private final List<byte[]> held = new ArrayList<>();
    private final Map<Long, String> aliases = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private boolean holds;
    private boolean open = true;
    private boolean connected;
    private int pings;
    private int answered;

    /**
     * What came.
     *
     * @param kind where the specification leaves the order of two events open, this differs
     */
    record Event(String kind, String text) {
        @Override
        public String toString() {
            return kind + text;
        }
    }

    Connection(int port, int version, boolean holds, String prefix) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        this.version = version;
        this.holds = holds;
        this.prefix = prefix;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SILENCE_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    boolean isOpen() {
        return open;
    }

    /** That the other side has closed shows when something is read. */
    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // read() sees it, too.
        }
    }

    void release() {
        holds = false;
        held.forEach(this::send);
        held.clear();
    }

    /** Ends its own direction, and waits until the broker has seen that. */
    void cut() throws IOException {
        socket.shutdownOutput();
        while (open) {
            read();
        }
    }

    void ping() {
        if (open) {
            pings++;
            send(PINGREQ);
        }
    }

    /** Reads until the last {@link #ping()} is answered; tells whether anything else came. */
    boolean awaitPong() {
        int before = events.size();
        while (open && answered < pings) {
            read();
        }
        return events.size() > before;
    }

    /** What has come so far; in the order in which it came where the specification says something about that. */
    List<Event> events() {
        Map<String, List<Event>> byKind = new TreeMap<>();
        events.forEach(event ->
                byKind.computeIfAbsent(event.kind(), kind -> new ArrayList<>()).add(event));
        return byKind.values().stream().flatMap(List::stream).toList();
    }

    private void read() {
        try {
            int header = in.readUnsignedByte();
            int length = 0;
            int next;
            int shift = 0;
            do {
                next = in.readUnsignedByte();
                length |= (next & 0x7F) << shift;
                shift += 7;
            } while (next > 0x7F);
            take(header, ByteBuffer.wrap(in.readNBytes(length)));
        } catch (SocketTimeoutException e) {
            add("SILENT", "");
            end();
        } catch (EOFException | BufferUnderflowException e) {
            end();
        } catch (IOException e) {
            end(); // reset
        }
    }

    private void end() {
        if (!connected) {
            add("CONNACK", " refused");
        }
        add("closed", "");
        close();
    }

    private void add(String kind, String text) {
        events.add(new Event(kind, text.replace(prefix, Step.PREFIX)));
    }

    private void take(int header, ByteBuffer body) {
        switch (header >> 4) {
            case 2 -> connack(body);
            case 3 -> publish(header, body);
            case 4 -> add("PUBACK", acknowledgement(body));
            case 5 -> {
                int packetId = body.getShort(0) & 0xFFFF;
                boolean refused = body.limit() > 2 && (body.get(2) & 0xFF) >= ERRORS;
                add("PUBREC", acknowledgement(body));
                if (!refused) {
                    // At once: whether a message goes on before PUBREL or behind it is the server's choice [5.0 4.3.3].
                    send(Draft.packet(0x62, new Draft().two(packetId)));
                }
            }
            case 6 -> answer(0x70, body.getShort() & 0xFFFF); // what is released was counted when it came
            case 7 -> add("PUBCOMP", acknowledgement(body));
            case 9 -> add("SUBACK", codes(body));
            case 11 -> add("UNSUBACK", codes(body));
            case 13 -> answered++;
            case 14 -> {
                // A server may say why it closes [5.0 3.14]; what counts is that it does.
            }
            default -> add("UNEXPECTED", " " + Integer.toHexString(header));
        }
    }

    private void connack(ByteBuffer body) {
        boolean present = body.get() != 0;
        if (body.get() == 0) {
            connected = true;
            add("CONNACK", present ? " accepted, session present" : " accepted");
        }
    }

    /** Its own Packet Identifier, and whether that went well. */
    private static String acknowledgement(ByteBuffer body) {
        int packetId = body.getShort() & 0xFFFF;
        boolean refused = body.hasRemaining() && (body.get() & 0xFF) >= ERRORS;
        return " " + packetId + (refused ? " refused" : "");
    }

    private String codes(ByteBuffer body) {
        StringBuilder text = new StringBuilder(" ").append(body.getShort() & 0xFFFF);
        if (version == V5) {
            properties(body);
        }
        while (body.hasRemaining()) {
            int code = body.get() & 0xFF;
            text.append(code >= ERRORS ? " refused" : " " + code);
        }
        return text.toString();
    }

    private void publish(int header, ByteBuffer body) {
        int qos = header >> 1 & 3;
        String topic = string(body);
        int packetId = qos > 0 ? body.getShort() & 0xFFFF : 0;
        Map<Integer, List<String>> properties = version == V5 ? properties(body) : new TreeMap<>();
        List<String> alias = properties.remove(0x23);
        if (alias != null) {
            long number = Long.parseLong(alias.get(0));
            topic = topic.isEmpty() ? aliases.getOrDefault(number, "unknown alias") : topic;
            aliases.put(number, topic);
        }
        byte[] payload = new byte[body.remaining()];
        body.get(payload);
        String flags = ((header & 1) != 0 ? " retain" : "") + ((header & 8) != 0 ? " dup" : "");
        add(
                "PUBLISH " + qos + " " + topic.replace(prefix, Step.PREFIX),
                flags + " “" + new String(payload, UTF_8) + "”" + (properties.isEmpty() ? "" : " " + properties));
        if (qos > 0) {
            answer(qos == 1 ? 0x40 : 0x50, packetId);
        }
    }

    private void answer(int header, int packetId) {
        byte[] bytes = Draft.packet(header, new Draft().two(packetId));
        if (holds) {
            held.add(bytes);
        } else {
            send(bytes);
        }
    }

    /** Each with its values; Subscription Identifiers in ascending order, as theirs is open. */
    private static Map<Integer, List<String>> properties(ByteBuffer body) {
        Map<Integer, List<String>> values = new TreeMap<>();
        int length = variable(body);
        int end = body.position() + length;
        while (body.position() < end) {
            int identifier = body.get();
            values.computeIfAbsent(identifier, key -> new ArrayList<>()).add(value(identifier, body));
        }
        Collections.sort(values.getOrDefault(0x0B, new ArrayList<>()));
        return values;
    }

    private static String value(int identifier, ByteBuffer body) {
        return switch (identifier) {
            case 0x01, 0x24, 0x25, 0x28, 0x29, 0x2A -> String.valueOf(body.get());
            case 0x13, 0x21, 0x22, 0x23 -> String.valueOf(body.getShort() & 0xFFFF);
            case 0x02 -> "about " + Math.round((float) (body.getInt() & 0xFFFF_FFFFL) / SECONDS);
            case 0x11, 0x27 -> String.valueOf(body.getInt() & 0xFFFF_FFFFL);
            case 0x0B -> String.valueOf(variable(body));
            case 0x26 -> string(body) + "=" + string(body);
            default -> string(body);
        };
    }

    private static int variable(ByteBuffer in) {
        int value = 0;
        int shift = 0;
        byte next;
        do {
            next = in.get();
            value |= (next & 0x7F) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }

    private static String string(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort() & 0xFFFF];
        in.get(bytes);
        return new String(bytes, UTF_8);
    }

    @Override
    public void close() {
        open = false;
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
