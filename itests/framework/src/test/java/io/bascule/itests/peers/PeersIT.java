/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

/** The other brokers by themselves, so that a failure further on is known to be ours. */
public class PeersIT {

    @Test(timeout = 60_000)
    public void mosquittoPassesMessages() {
        try (Peer mosquitto = MosquittoProcess.start()) {
            passesMessages(mosquitto, "mqttv5");
        }
    }

    @Test(timeout = 120_000)
    public void hiveMqPassesMessages() {
        try (Peer hiveMq = HiveMqProcess.start()) {
            passesMessages(hiveMq, "mqttv5");
        }
    }

    @Test(timeout = 120_000)
    public void moquettePassesMessages() {
        try (Peer moquette = MoquetteProcess.start(Ports.free())) {
            passesMessages(moquette, "mqttv311");
        }
    }

    @Test(timeout = 60_000)
    public void mosquittoKeepsSessionsWhenItIsStopped() {
        try (MosquittoProcess mosquitto = MosquittoProcess.start()) {
            MosquittoSub.start(mosquitto.port(), "mqttv311", "stays", 1, "a", "-c")
                    .close();
            MosquittoPub.publish(mosquitto.port(), "mqttv311", 1, "a", "kept");
            mosquitto.stop();
            mosquitto.startAgain();
            try (MosquittoSub sub = MosquittoSub.start(mosquitto.port(), "mqttv311", "stays", 1, "a", "-c")) {
                eventually(() -> assertThat(sub.payloads()).containsExactly("kept"));
            }
        }
    }

    private static void passesMessages(Peer peer, String version) {
        try (MosquittoSub sub = MosquittoSub.start(peer.port(), version, "sub", 2, "a/#")) {
            MosquittoPub.publish(peer.port(), "mqttv311", 2, "a/b", "hello");
            eventually(() ->
                    assertThat(sub.received()).containsExactly(new MosquittoSub.Received("a/b", 2, false, "hello")));
        }
    }
}
