/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.client;

import java.nio.charset.StandardCharsets;

/** A message as a client got it. */
public record Received(String topic, int qos, boolean retain, byte[] payload) {

    /** The payload as text. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }
}
