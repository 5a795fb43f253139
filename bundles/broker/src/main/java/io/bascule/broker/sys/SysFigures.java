/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.sys;

import io.bascule.api.BrokerInfo;
import io.bascule.transport.TransportInfo;

/**
 * The figures that {@code $SYS} is made of, at one moment.
 *
 * @param maximumConnected the most clients that were connected at a time
 * @param accepted CONNECT packets that were accepted
 * @param expired sessions that ended because their time was up
 * @param queued messages that wait in sessions or are in flight
 * @param queuedBytes memory that those take that wait
 */
public record SysFigures(
        BrokerInfo broker,
        TransportInfo transport,
        int maximumConnected,
        long accepted,
        long expired,
        int sharedSubscriptions,
        long queued,
        long queuedBytes) {}
