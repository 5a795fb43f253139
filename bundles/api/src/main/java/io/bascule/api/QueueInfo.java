/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

/**
 * How full a session is at one moment.
 *
 * @param queued messages that wait to be sent
 * @param queuedBytes a bound on the memory they hold
 * @param inFlight messages sent and not yet acknowledged to the end
 * @param dropped messages that did not fit or expired, since the session began
 */
public record QueueInfo(int queued, long queuedBytes, int inFlight, long dropped) {}
