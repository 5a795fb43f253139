/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

/** A retained message on its way to the other side, or its deletion, until that is known to have it. */
public final class Sending {
    final String topic;
    /** Null for a deletion. */
    final Digest digest;
    /** Whether it may take the place of what was sent behind it: with QoS 2 it is published when it is released. */
    private boolean mayComeLate;

    Sending(String topic, Digest digest) {
        this.topic = topic;
        this.digest = digest;
    }

    /** It was sent with QoS 2. */
    public void mayComeLate() {
        mayComeLate = true;
    }

    boolean comesLate() {
        return mayComeLate;
    }
}
