/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.transport.Traffic;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What went through one event loop. Written by that loop alone and once for each batch, so that a packet costs it an addition or two on
 * plain fields of its connection; read by anyone.
 */
final class TrafficCounters {
    private final AtomicLong packetsReceived = new AtomicLong();
    private final AtomicLong packetsSent = new AtomicLong();
    private final AtomicLong bytesReceived = new AtomicLong();
    private final AtomicLong bytesSent = new AtomicLong();
    private final AtomicLong publishesReceived = new AtomicLong();
    private final AtomicLong publishesSent = new AtomicLong();
    private final AtomicLong publishBytesReceived = new AtomicLong();
    private final AtomicLong publishBytesSent = new AtomicLong();
    private final AtomicLong connectionsAccepted = new AtomicLong();

    void received(long packets, long bytes, long publishes, long publishBytes) {
        add(packetsReceived, packets);
        add(bytesReceived, bytes);
        add(publishesReceived, publishes);
        add(publishBytesReceived, publishBytes);
    }

    void sent(long packets, long bytes, long publishes, long publishBytes) {
        add(packetsSent, packets);
        add(bytesSent, bytes);
        add(publishesSent, publishes);
        add(publishBytesSent, publishBytes);
    }

    void accepted() {
        add(connectionsAccepted, 1);
    }

    private static void add(AtomicLong counter, long more) {
        counter.setOpaque(counter.getPlain() + more); // no other thread writes it
    }

    Traffic read() {
        return new Traffic(
                packetsReceived.getOpaque(),
                packetsSent.getOpaque(),
                bytesReceived.getOpaque(),
                bytesSent.getOpaque(),
                publishesReceived.getOpaque(),
                publishesSent.getOpaque(),
                publishBytesReceived.getOpaque(),
                publishBytesSent.getOpaque(),
                connectionsAccepted.getOpaque());
    }
}
