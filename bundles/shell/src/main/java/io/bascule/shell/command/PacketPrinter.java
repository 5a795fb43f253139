/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgePacket;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Text;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** A packet of a bridge in one line, {@code ->} for what it has sent and {@code <-} for what it has received. */
final class PacketPrinter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final boolean json;

    PacketPrinter(boolean json) {
        this.json = json;
    }

    String line(BridgePacket packet) {
        return json ? Json.line(data(packet)) : text(packet);
    }

    private static String text(BridgePacket packet) {
        List<String> words = new ArrayList<>();
        words.add(TIME.format(packet.time()) + (packet.sent() ? "  -> " : "  <- ") + packet.type());
        packet.packetId().ifPresent(id -> words.add("#" + id));
        packet.publish().ifPresent(publish -> {
            words.add("QoS " + publish.qos().level());
            if (publish.dup()) {
                words.add("DUP");
            }
            if (publish.retain()) {
                words.add("RETAIN");
            }
            words.add(Text.printable(publish.topic()));
            words.add(Text.count(publish.payloadBytes(), "byte"));
        });
        packet.topicFilters().forEach(filter -> words.add(Text.printable(filter)));
        return String.join("  ", words);
    }

    private static Details data(BridgePacket packet) {
        Optional<BridgePacket.Publish> publish = packet.publish();
        OptionalInt packetId = packet.packetId();
        return new Details()
                .with("time", "Time", packet.time())
                .with("direction", "Direction", packet.sent() ? "sent" : "received")
                .with("type", "Type", packet.type())
                .with(
                        "packetId",
                        "Packet id",
                        packetId.isPresent() ? Optional.of(packetId.getAsInt()) : Optional.empty())
                .with("qos", "QoS", publish.map(it -> it.qos().level()))
                .with("dup", "Dup", publish.map(BridgePacket.Publish::dup))
                .with("retain", "Retain", publish.map(BridgePacket.Publish::retain))
                .with("topic", "Topic", publish.map(BridgePacket.Publish::topic))
                .with("payloadBytes", "Size", publish.map(BridgePacket.Publish::payloadBytes))
                .with("topicFilters", "Topic filters", packet.topicFilters());
    }
}
