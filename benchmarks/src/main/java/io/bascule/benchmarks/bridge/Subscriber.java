/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.Packets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Receives numbered messages and enters them into the accounts of their topics; at QoS 2 once for each that the broker releases. */
final class Subscriber extends Client {
    private static final long TO_SUBSCRIBE_SECONDS = 30;

    private final String filter;
    private final int qos;
    private final Map<String, Account> accounts;
    private final CountDownLatch subscribed = new CountDownLatch(1);
    private final Set<Integer> unreleased = new HashSet<>(); // Packet Identifiers at QoS 2; of the thread that reads

    /** @param accounts by topic; messages on others are acknowledged and forgotten */
    Subscriber(
            InetSocketAddress broker,
            String clientId,
            String filter,
            int qos,
            int receiveMaximum,
            Map<String, Account> accounts) {
        super(broker, clientId, receiveMaximum);
        this.filter = filter;
        this.qos = qos;
        this.accounts = accounts;
    }

    /** Connects, and returns when the broker has acknowledged the subscription. */
    @Override
    void open() throws IOException, InterruptedException {
        super.open();
        if (!subscribed.await(TO_SUBSCRIBE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(filter + " is not acknowledged");
        }
    }

    @Override
    void connected(Connack connack, boolean sessionLost) throws IOException {
        if (!connack.sessionPresent()) {
            unreleased.clear();
            write(Packets.subscribe(filter, qos));
        }
    }

    @Override
    void received(int firstByte, ByteBuffer body) throws IOException {
        switch (firstByte >> 4) {
            case Packets.SUBACK -> {
                int granted = body.get(body.limit() - 1) & 255;
                if (granted != qos) {
                    throw new IOException(filter + " is granted with " + granted + " in place of " + qos);
                }
                subscribed.countDown();
            }
            case Packets.PUBREL -> {
                int packetId = body.getShort() & 0xFFFF;
                unreleased.remove(packetId);
                answer(Packets.PUBCOMP, packetId);
            }
            case Packets.PUBLISH -> publish(firstByte, body);
            default -> {
                // Nothing else is asked for.
            }
        }
    }

    private void publish(int firstByte, ByteBuffer body) {
        body.mark();
        byte[] topic = new byte[body.getShort() & 0xFFFF];
        body.get(topic).reset();
        int packetId = Packets.skipToPayload(firstByte, body);
        int messageQos = firstByte >> 1 & 3;
        if (messageQos == 2) {
            answer(Packets.PUBREC, packetId);
            if (!unreleased.add(packetId)) {
                return; // [MQTT-4.3.3-10]
            }
        } else if (messageQos == 1) {
            answer(Packets.PUBACK, packetId);
        }
        Account account = accounts.get(new String(topic, StandardCharsets.UTF_8));
        if (account != null) {
            account.received((int) body.getLong(), body.getLong());
        }
    }
}
