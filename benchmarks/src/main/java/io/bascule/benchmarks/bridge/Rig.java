/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.BrokerProcess;
import io.bascule.benchmarks.support.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Bascule with a bridge to a peer, with a proxy on the way, and another one beside it for whoever is to feel the same. */
final class Rig implements AutoCloseable {
    private static final long TO_CONNECT_SECONDS = 30;
    private static final String BRIDGE = "ledger";

    private final BrokerProcess broker;
    private final Peer peer;
    private final Proxy proxy;
    private final Proxy beside;
    private final Wire wire = new Wire(List.of(inwards(1), inwards(2)));

    /** @param connecting told when the bridge has connected, before anything comes of it */
    Rig(BrokerProcess broker, Peer peer, Runnable connecting) throws IOException {
        this.broker = broker;
        this.peer = peer;
        this.proxy = new Proxy(peer.address(), Duration.ZERO, () -> {
            connecting.run();
            return wire.tap();
        });
        this.beside = new Proxy(peer.address(), Duration.ZERO, () -> {});
    }

    /** The topic at the remote broker of what comes in at this QoS. */
    static String inwards(int qos) {
        return "far/down/" + qos;
    }

    BrokerProcess broker() {
        return broker;
    }

    Peer peer() {
        return peer;
    }

    Proxy proxy() {
        return proxy;
    }

    /** What the remote broker has given to the bridge. */
    Wire wire() {
        return wire;
    }

    Proxy beside() {
        return beside;
    }

    /** Writes the bridge's file. What waits for the bridge while the remote broker is away has to have room. */
    void writeBridge(int keepAlive) throws IOException {
        broker.write(
                "io.bascule.bridge-" + BRIDGE + ".cfg",
                String.join(
                        "\n",
                        "server = mqtt://127.0.0.1:" + proxy.address().getPort(),
                        "client.id = " + BRIDGE,
                        "keepalive = " + keepAlive + "s",
                        "reconnect.min = 100ms",
                        "reconnect.max = 2s",
                        "queue.messages = 1000000",
                        "queue.bytes = 512MiB",
                        "forward.up = up/# -> far/up/{#}",
                        "subscribe.down = far/down/# -> down/{#}",
                        ""));
    }

    void awaitConnected() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TO_CONNECT_SECONDS);
        String bridges = broker.ask("mqtt:bridges --json");
        while (!bridges.contains("\"CONNECTED\"")) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the bridge does not connect: " + bridges);
            }
            Thread.sleep(100);
            bridges = broker.ask("mqtt:bridges --json");
        }
    }

    @Override
    public void close() {
        proxy.close();
        beside.close();
    }
}
