/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.mqtt.Message;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The Payload Format Indicator (MQTT 5.0, section 3.3.2.3.2). */
final class PayloadFormat {
    private PayloadFormat() {}

    /** Whether a payload that is said to be UTF-8 text is that. */
    static boolean isAsIndicated(Message message) {
        if (message.properties().payloadFormatIndicator().orElse(0) == 0) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message.payload()));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
