/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

/** Why a message was not delivered to a session that it matched, not retained, or not taken from its publisher. */
public enum DropReason {
    /** The session's queue had no room, or what waits for the disk had none. */
    QUEUE_FULL("queue-full"),
    /** Its Message Expiry Interval had passed. */
    EXPIRED("expired"),
    /** Somebody has emptied the queue. */
    PURGED("purged"),
    /** Larger than the receiver's Maximum Packet Size. */
    TOO_LARGE("too-large"),
    /** QoS 0 for a session without a client. */
    OFFLINE_QOS_0("offline-qos0"),
    /** QoS 0 for a session without a client, of which the last of each topic waits, and a later one has come. */
    SUPERSEDED("superseded"),
    /** The publisher may not publish there. */
    NOT_AUTHORIZED("not-authorized"),
    /** Not the UTF-8 text that it said it was. */
    PAYLOAD_FORMAT("payload-format"),
    /** An interceptor has dropped it. */
    INTERCEPTED("intercepted"),
    /** No room among the retained messages: it was not kept for later subscribers. */
    RETAINED_FULL("retained-full"),
    /** No room in the store, which would have had to keep it. */
    STORE_FULL("store-full"),
    /** The store could not read it back. */
    UNREADABLE("unreadable");

    private final String label;

    DropReason(String label) {
        this.label = label;
    }

    /** The word in figures and logs. */
    public String label() {
        return label;
    }
}
