/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

/**
 * What the transport holds at one moment, and what it has done so far.
 *
 * @param kind of the event loops: {@code epoll} or {@code nio}
 * @param connections open ones, in and out
 * @param activeBuffers pooled buffers that are in use, and for a moment those that an event loop keeps for its next allocation
 * @param traffic so far; a turn of an event loop is counted when it ends
 */
public record TransportInfo(String kind, int connections, long activeBuffers, Traffic traffic) {}
