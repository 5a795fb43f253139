/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

/**
 * Which end of a connection we are, and what we take from the other.
 *
 * @param fromClient whether the packets that come in are a client's
 * @param firstPacketSize the largest first packet, in bytes
 * @param packetSize the largest packet after that, in bytes
 * @param properties of one packet
 * @param rates how fast the other end may send
 * @param hits where to count what went beyond these limits
 */
record Role(
        boolean fromClient,
        int firstPacketSize,
        int packetSize,
        PropertyLimits properties,
        ClientRates rates,
        LimitHits hits) {}
