/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

/** What the other side has at one topic from a route. */
final class Value {
    /** For one that the file does not vouch for. */
    static final int NOWHERE = -1;

    /** Null where it was never known for certain. */
    Digest digest;
    /** Whether the other side has exactly that; otherwise it has something, perhaps. */
    boolean certain;
    /** What was sent last and is not known to have come; null for nothing. */
    Sending sending;
    /** Where in the file stands that it is certain. */
    long flag = NOWHERE;

    long changedAtNanos;

    boolean isOf(Digest other) {
        return certain && digest.isSame(other);
    }
}
