/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

/** What the other side has at one topic from a route. */
final class Value {
    /** In place of the number of an image, or of a place in one. */
    static final int NOWHERE = -1;

    /** Null where it was never known for certain. */
    Digest digest;
    /** Whether the other side has exactly that; otherwise it has something, perhaps. */
    boolean certain;
    /** What was sent last and is not known to have come; null for nothing. */
    Sending sending;
    /** The image of the file that has it last as certain, which may be there no more. */
    int image = NOWHERE;
    /** Which of the topics it is in that image. */
    int place;

    long changedAtNanos;

    boolean isOf(Digest other) {
        return certain && digest.isSame(other);
    }
}
