/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

/**
 * How fast one client may send.
 *
 * @param messages packets a second that are no acknowledgements, 0 for any number
 * @param bytes of all packets a second, 0 for any number
 */
record ClientRates(int messages, long bytes) {
    static final ClientRates ANY = new ClientRates(0, 0);

    /** Not {@code equals}: that of a record is made by the JDK, which keeps the class of the last one from being unloaded (JDK 17). */
    boolean isAny() {
        return messages == 0 && bytes == 0;
    }
}
