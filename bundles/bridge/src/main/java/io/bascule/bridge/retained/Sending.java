/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

/** A retained message on its way to the other side, or its deletion, until that is known to have it. */
public final class Sending {
    /** For what the other side takes before all that is sent behind it. */
    public static final Object IN_ORDER = new Object();

    final String topic;
    /** Null for a deletion. */
    final Digest digest;
    /** What is sent in the same order is taken one after the other. */
    final Object order;

    Sending(String topic, Digest digest, Object order) {
        this.topic = topic;
        this.digest = digest;
        this.order = order;
    }

    /** Whether it may take the place of what was sent behind it. */
    boolean comesLate() {
        return order != IN_ORDER;
    }
}
