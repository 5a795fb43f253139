/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.house;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.peers.SelfSigned;
import io.bascule.itests.support.OldRevisions;
import io.bascule.itests.support.PlainFramework;
import java.nio.file.Files;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** Our bundles come and go, and Netty, which stays, keeps nothing of them. */
public class RefreshIT {
    private static final int REFRESHES = 3;

    @Test(timeout = 120_000)
    public void leavesNoClassOfATransportThatWasRefreshed() throws Exception {
        leavesNoClass("", port -> eventually("the listener answers", () -> Ports.answers(port)));
    }

    @Test(timeout = 120_000)
    public void leavesNoClassOfATransportThatSpokeTls() throws Exception {
        SelfSigned server = SelfSigned.make("refreshed");
        leavesNoClass(
                "protocol = mqtts\ntls.certificate = " + server.certificate() + "\ntls.key = " + server.key() + "\n",
                port -> {
                    eventually("the listener answers", () -> Ports.answers(port));
                    MosquittoPub.publish(
                            port,
                            "mqttv5",
                            1,
                            "a",
                            "b",
                            "--cafile",
                            server.certificate().toString());
                });
    }

    private static void leavesNoClass(String more, IntConsumer use) throws Exception {
        int port = Ports.free();
        try (PlainFramework felix = PlainFramework.felix()) {
            Files.writeString(felix.etc().resolve("io.bascule.listener-test.cfg"), "port = " + port + "\n" + more);
            use.accept(port);
            Bundle transport = Stream.of(felix.context().getBundles())
                    .filter(bundle -> "io.bascule.transport".equals(bundle.getSymbolicName()))
                    .findAny()
                    .orElseThrow();
            OldRevisions revisions = new OldRevisions(felix.context(), transport);

            for (int i = 0; i < REFRESHES; i++) {
                revisions.refresh();
                use.accept(port);
            }

            eventually(() -> assertThat(revisions.alive()).isZero());
        }
    }
}
