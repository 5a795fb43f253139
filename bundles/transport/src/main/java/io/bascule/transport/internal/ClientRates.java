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
}
