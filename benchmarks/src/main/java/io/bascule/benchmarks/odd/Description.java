/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd;

import io.bascule.benchmarks.odd.wire.Packets;
import io.bascule.benchmarks.odd.wire.Properties;
import io.bascule.benchmarks.odd.wire.Received;
import io.bascule.benchmarks.odd.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What came on a stage, in one line that is the same on every run: without client identifiers, and of packets only what decides. */
final class Description {
    private static final int MOST_PACKETS = 8;
    private static final int MOST_CHARACTERS = 24;
    private static final String[] TYPES = {
        "type 0",
        "CONNECT",
        "CONNACK",
        "PUBLISH",
        "PUBACK",
        "PUBREC",
        "PUBREL",
        "PUBCOMP",
        "SUBSCRIBE",
        "SUBACK",
        "UNSUBSCRIBE",
        "UNSUBACK",
        "PINGREQ",
        "PINGRESP",
        "DISCONNECT",
        "AUTH"
    };

    private final Stage stage;

    Description(Stage stage) {
        this.stage = stage;
    }

    /** All connections, the one that the sequence is about without its name. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, Wire> entry : stage.wires().entrySet()) {
            String what = wire(entry.getKey(), entry.getValue());
            if (!what.isEmpty()) {
                parts.add(entry.getKey().equals("client") ? what : entry.getKey() + ": " + what);
            }
        }
        parts.addAll(stage.notes());
        return String.join("; ", parts);
    }

    private String wire(String name, Wire wire) {
        boolean subject = name.equals("client");
        List<String> parts = new ArrayList<>(grouped(wire.packets()));
        if (wire.isClosed()) {
            parts.add("closed");
        } else if (wire.isSilent()) {
            parts.add("open, silent");
        } else if (subject && !wire.isCut()) {
            parts.add("open");
        } else if (parts.isEmpty() && !wire.hidesMessages() && !wire.isCut() && !name.equals("publisher")) {
            parts.add("nothing");
        }
        return String.join(", ", parts);
    }

    private List<String> grouped(List<Received> packets) {
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < packets.size(); ) {
            int last = i + 1;
            while (last < packets.size() && kind(packets.get(last)).equals(kind(packets.get(i)))) {
                last++;
            }
            groups.add(kind(packets.get(i)) + (last - i > 1 ? " ×" + (last - i) : ""));
            i = last;
        }
        if (groups.size() <= MOST_PACKETS) {
            return groups;
        }
        return packets.stream()
                .collect(Collectors.groupingBy(
                        packet -> TYPES[packet.type()], java.util.TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(count -> count.getKey() + " ×" + count.getValue())
                .toList();
    }

    /** Of acknowledgements the type and the code; identifiers do not matter where there are many. */
    private String kind(Received packet) {
        StringBuilder text = new StringBuilder(TYPES[packet.type()]);
        switch (packet.type()) {
            case Packets.CONNACK -> {
                text.append(codes(packet)).append(packet.present() ? " session present" : "");
                if (!packet.values(Properties.ASSIGNED_CLIENT_IDENTIFIER).isEmpty()) {
                    text.append(" with an assigned id");
                }
            }
            case Packets.PUBLISH -> publish(packet, text);
            case Packets.SUBACK, Packets.UNSUBACK, Packets.DISCONNECT -> text.append(codes(packet));
            default -> text.append(packet.code() == 0 ? "" : codes(packet));
        }
        if (packet.type() != Packets.CONNACK
                && packet.type() != Packets.PUBLISH
                && packet.type() != Packets.DISCONNECT) {
            text.append(packet.values(Properties.REASON_STRING).isEmpty() ? "" : " with a reason in words");
        }
        return text.toString();
    }

    private static String codes(Received packet) {
        return packet.codes().stream()
                .map(code -> code < 0 ? " (broken off)" : " 0x%02X".formatted(code))
                .collect(Collectors.joining());
    }

    private void publish(Received packet, StringBuilder text) {
        text.append(packet.dup() ? " DUP" : "").append(" QoS ").append(packet.qos());
        text.append(packet.retain() ? " RETAIN" : "");
        text.append(" to `")
                .append(printable(packet.topic().replace(stage.prefix(), "")))
                .append('`');
        text.append(packet.payload().length == 0 ? " empty" : " “" + printable(packet.text()) + "”");
        String identifiers = packet.values(Properties.SUBSCRIPTION_IDENTIFIER).stream()
                .map(String::valueOf)
                .sorted()
                .collect(Collectors.joining(", "));
        text.append(identifiers.isEmpty() ? "" : " (" + identifiers + ")");
        if (!packet.values(Properties.PAYLOAD_FORMAT_INDICATOR).isEmpty()) {
            text.append(" format ").append(packet.number(Properties.PAYLOAD_FORMAT_INDICATOR, 0));
        }
    }

    private static String printable(String text) {
        String shown = text.codePoints()
                .mapToObj(each ->
                        each > ' ' && each < 0x7F || each == ' ' ? Character.toString(each) : "\\u%04X".formatted(each))
                .collect(Collectors.joining());
        return shown.length() <= MOST_CHARACTERS ? shown : shown.substring(0, MOST_CHARACTERS) + "…";
    }
}
