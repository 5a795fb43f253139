/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A text that no log line and no status shows. */
public final class Secret {
    private final String text;

    /** Keeps this text. */
    public Secret(String text) {
        this.text = Objects.requireNonNull(text, "text");
    }

    /** The bytes to send, in UTF-8; the caller's own. */
    public byte[] reveal() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && text.equals(secret.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
