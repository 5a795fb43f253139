/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

/** A retained message on its way to the other side, or its deletion, until that is known to have it. */
public final class Sending {
    final String topic;
    /** Null for a deletion. */
    final Digest digest;

    Sending(String topic, Digest digest) {
        this.topic = topic;
        this.digest = digest;
    }
}
