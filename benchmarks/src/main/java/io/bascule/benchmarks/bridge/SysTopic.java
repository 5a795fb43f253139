/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.MqttSocket;
import io.bascule.benchmarks.support.Packets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a broker says of itself under {@code $SYS}, as somebody else sees it. */
final class SysTopic {
    private static final int LOOKS = 1000;
    private static final int BETWEEN_LOOKS_MILLIS = 20;
    private static final Pattern DROPPED = Pattern.compile("\"dropped\":(\\d+)|^(\\d+)$");

    private SysTopic() {}

    /** How many messages were dropped: a number, or the first member {@code dropped} of a JSON object. */
    static long dropped(InetSocketAddress broker, String topic) throws IOException, InterruptedException {
        String text = read(broker, topic);
        Matcher matcher = DROPPED.matcher(text);
        if (!matcher.find()) {
            throw new IOException("no figure at " + topic + ": " + text);
        }
        return Long.parseLong(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }

    private static String read(InetSocketAddress broker, String topic) throws IOException, InterruptedException {
        MqttSocket socket = MqttSocket.open(broker, "sys-reader", "", 0, 0);
        try {
            socket.write(Packets.subscribe(topic, 0));
            String[] text = new String[1];
            for (int i = 0; i < LOOKS && text[0] == null; i++) {
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
                socket.read((firstByte, body) -> {
                    if (firstByte >> 4 == Packets.PUBLISH) {
                        Packets.skipToPayload(firstByte, body);
                        text[0] = StandardCharsets.UTF_8.decode(body).toString();
                    }
                });
            }
            if (text[0] == null) {
                throw new IOException("nothing comes at " + topic);
            }
            return text[0];
        } finally {
            socket.close();
        }
    }
}
