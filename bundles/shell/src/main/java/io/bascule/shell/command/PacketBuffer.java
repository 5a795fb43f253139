/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgePacket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Packets on their way from an event loop, which never waits, to the console's thread: those that come faster are counted and left out. */
final class PacketBuffer implements Consumer<BridgePacket> {
    /** A few screens: who traces a bridge under load sees parts of it. */
    static final int CAPACITY = 1000;

    private final BlockingQueue<BridgePacket> packets = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong passedOver = new AtomicLong();

    @Override
    public void accept(BridgePacket packet) {
        if (!packets.offer(packet)) {
            passedOver.incrementAndGet();
        }
    }

    /** The next packet; empty when none comes for this long. */
    Optional<BridgePacket> next(Duration patience) throws InterruptedException {
        return Optional.ofNullable(packets.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
    }

    boolean isEmpty() {
        return packets.isEmpty();
    }

    /** How many packets were left out. */
    long passedOver() {
        return passedOver.get();
    }
}
