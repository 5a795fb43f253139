/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.kill;

import io.bascule.itests.support.Eventually;
import io.bascule.itests.support.Ledger;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Enters into a ledger what comes: at QoS 2 each message once, however often it is sent until it is released [MQTT-4.3.3-10]. */
final class Subscriber extends LastingClient {
    private static final Duration TO_SUBSCRIBE = Duration.ofSeconds(60);

    private final String filter;
    private final int qos;
    private final Ledger ledger;
    private final Set<Integer> unreleased = new HashSet<>();
    private boolean subscribed;

    Subscriber(int port, String clientId, String filter, int qos, Ledger ledger) {
        super(port, clientId);
        this.filter = filter;
        this.qos = qos;
        this.ledger = ledger;
    }

    /** Connects, and waits until it is subscribed. */
    void awaitSubscribed() {
        open();
        Eventually.eventually(TO_SUBSCRIBE, this + " is subscribed", this::isSubscribed);
    }

    private synchronized boolean isSubscribed() {
        return isConnected() && subscribed;
    }

    @Override
    void connected(boolean sessionPresent) throws IOException {
        if (!sessionPresent) {
            unreleased.clear();
            subscribed = false;
        }
        if (!subscribed) {
            write(Packet.subscribe(1, filter, qos));
        }
    }

    @Override
    void received(Packet packet) throws IOException {
        switch (packet.type()) {
            case Packet.SUBACK -> subscribed = true;
            case Packet.PUBLISH -> publish(packet);
            case Packet.PUBREL -> {
                unreleased.remove(packet.packetId());
                write(Packet.answer(Packet.PUBCOMP, packet.packetId()));
            }
            default -> {
                // Nothing else is asked for.
            }
        }
    }

    private void publish(Packet packet) throws IOException {
        int packetId = packet.packetId();
        if (packet.qos() < 2 || unreleased.add(packetId)) {
            ledger.receive(packet.number());
        }
        write(Packet.answer(packet.qos() == 2 ? Packet.PUBREC : Packet.PUBACK, packetId));
    }
}
