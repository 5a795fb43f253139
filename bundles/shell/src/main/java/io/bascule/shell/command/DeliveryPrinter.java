/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Delivery;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Text;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A delivery in one line. */
final class DeliveryPrinter {
    /** Of a payload in text, what fits on a screen; JSON has all of it. */
    private static final int CHARACTERS = 2000;

    private static final int BYTES = 64;
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final boolean json;

    DeliveryPrinter(boolean json) {
        this.json = json;
    }

    String line(Delivery delivery) {
        return json ? Json.line(data(delivery)) : text(delivery);
    }

    private static String text(Delivery delivery) {
        byte[] payload = delivery.message().payload();
        String topic = Text.printable(delivery.message().topic().name());
        return topic + "  "
                + utf8(payload).map(text -> text(text, payload.length)).orElseGet(() -> hex(payload));
    }

    private static String text(String text, int bytes) {
        if (text.length() <= CHARACTERS) {
            return Text.printable(text);
        }
        // Not between the halves of a character outside the basic plane.
        int end = Character.isHighSurrogate(text.charAt(CHARACTERS - 1)) ? CHARACTERS - 1 : CHARACTERS;
        return Text.printable(text.substring(0, end)) + "… (" + bytes + " bytes in all)";
    }

    private static String hex(byte[] payload) {
        String digits = HEX.formatHex(payload, 0, Math.min(payload.length, BYTES));
        return "(" + payload.length + " bytes) " + digits + (payload.length > BYTES ? " …" : "");
    }

    private static Map<String, Object> data(Delivery delivery) {
        byte[] payload = delivery.message().payload();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("topic", delivery.message().topic().name());
        data.put("qos", delivery.qos().level());
        data.put("retain", delivery.retain());
        data.put("dup", delivery.dup());
        utf8(payload)
                .ifPresentOrElse(
                        text -> data.put("payload", text),
                        () -> data.put("payloadBase64", Base64.getEncoder().encodeToString(payload)));
        return data;
    }

    private static Optional<String> utf8(byte[] payload) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
