/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.route;

/** What becomes of the RETAIN flag of messages that cross. */
public enum Retain {
    /** It stays as it was published. */
    KEEP,
    /** No message is retained on the other side. */
    STRIP,
    /** Every message is. */
    FORCE,
    /** It stays as it was published; at each connection what is retained crosses as far as the other side lacks it. */
    DIFF;

    /** The flag on the other side. */
    public boolean of(boolean published) {
        return this == FORCE || this != STRIP && published;
    }
}
