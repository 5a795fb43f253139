/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

/**
 * What the transport holds at one moment.
 *
 * @param kind of the event loops: {@code epoll} or {@code nio}
 * @param connections open ones, in and out
 * @param activeBuffers pooled buffers that are in use, and for a moment those that an event loop keeps for its next allocation
 */
public record TransportInfo(String kind, int connections, long activeBuffers) {}
