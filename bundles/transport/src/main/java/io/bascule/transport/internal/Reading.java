/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.channel.Channel;

/**
 * Whether a connection is read: while its handler wants that, while its other end sends no faster than it may, and while that reads what it is
 * sent. What is asked is answered, by PUBACK, PINGRESP or SUBACK, and answers that nobody reads would pile up here without a bound. On the event
 * loop alone.
 */
final class Reading {
    /**
     * Bytes of answers that may wait to be sent. Messages do not count: their receivers wait for them, and two brokers that send each other
     * large ones would both stop reading. More PUBACKs than Receive Maximum allows, 256 KiB of them, nobody owes who keeps to it.
     */
    private static final long MOST_UNREAD = 1024 * 1024;

    private final Channel channel;
    private boolean wanted = true;
    private boolean ahead;
    private boolean held;
    private boolean over;
    private long answers;
    private long unread;

    Reading(Channel channel) {
        this.channel = channel;
    }

    /** What the handler wants. */
    void want(boolean enabled) {
        wanted = enabled;
        apply();
    }

    /** Whether the other end has sent more than it may, and is to wait. */
    void ahead(boolean is) {
        ahead = is;
        apply();
    }

    /** So many bytes are sent which answer something. */
    void answered(int bytes) {
        answers += bytes;
    }

    /** Something has been read, and so there may be answers. */
    void hasRead() {
        if (answers == 0) {
            return;
        }
        if (channel.isWritable()) {
            answers = 0;
        } else if (!held && answers > MOST_UNREAD) {
            held = true;
            unread = channel.bytesBeforeWritable();
            apply();
        }
    }

    /** What waits to be sent has become more, or less. */
    void writabilityChanged() {
        if (!channel.isWritable()) {
            return;
        }
        answers = 0;
        if (held) {
            held = false;
            apply();
        }
    }

    /** Whether it is no fault of the other end that nothing is heard of it: nobody listens, or it has read some since this was last asked. */
    boolean excusesSilence() {
        if (!wanted || ahead) {
            return true;
        }
        if (!held) {
            return false;
        }
        long before = unread;
        unread = channel.bytesBeforeWritable();
        return unread < before;
    }

    /** From now on whatever comes is read, and dropped. */
    void drain() {
        over = true;
        channel.config().setAutoRead(true);
    }

    private void apply() {
        if (!over) {
            channel.config().setAutoRead(wanted && !ahead && !held);
        }
    }
}
