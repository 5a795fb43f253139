/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

/**
 * What the properties of one packet may take. A few kilobytes of User Properties cost whoever reads them more than a payload of that size:
 * two strings each, and a look at each of them wherever the message goes.
 *
 * @param userProperties how many there may be
 * @param bytes of all properties together, as they stand in the packet
 */
record PropertyLimits(int userProperties, int bytes) {
    static final PropertyLimits DEFAULT = new PropertyLimits(64, 64 * 1024);
}
