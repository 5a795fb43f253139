/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import static io.bascule.itests.karaf.Waiting.eventually;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.bascule.api.Bridge;
import io.bascule.api.Broker;
import io.bascule.api.Listener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import javax.inject.Inject;
import org.junit.Test;
import org.osgi.framework.ServiceReference;

/** Files in {@code etc} are the configuration: what is dropped there lives, what is deleted is gone. */
public class FilesTests extends InKaraf {
    @Inject
    private Broker broker;

    @Test(timeout = 60_000)
    public void opensTheListenerOfTheDistribution() throws Exception {
        eventually(TO_NOTICE, "the default listener answers", () -> Mqtt.answers(port()));
    }

    @Test(timeout = 60_000)
    public void opensAndClosesAListenerWithItsFile() throws Exception {
        int port = Sockets.freePort();
        Path file = writeToEtc("io.bascule.listener-second.cfg", "host = 127.0.0.1\nport = " + port + "\n");
        eventually(TO_NOTICE, "the second listener answers", () -> Mqtt.answers(port));
        assertTrue("the first does too", Mqtt.answers(port()));

        Files.delete(file);

        eventually(TO_NOTICE, "the second listener is gone", () -> !Mqtt.answers(port));
        assertTrue("the first is not", Mqtt.answers(port()));
    }

    /** To the listener of the same broker: what is published goes out and comes back under another name. */
    @Test(timeout = 60_000)
    public void opensAndClosesABridgeWithItsFile() throws Exception {
        Path file = writeToEtc(
                "io.bascule.bridge-loop.cfg",
                "server = mqtt://127.0.0.1:" + port() + "\nforward.out = from/# -> to/{#}\ndelete.grace = 0s\n");
        eventually(TO_NOTICE, "the bridge is connected", () -> bridges().contains("CONNECTED"));

        Files.delete(file);

        eventually(TO_NOTICE, "the bridge is gone", () -> bridges().isEmpty());
        eventually(
                TO_NOTICE,
                "its session and its queue are gone",
                () -> broker.sessions().stream()
                        .noneMatch(session -> session.clientId().equals("bridge:loop")));
    }

    /** File Install can write a configuration back: over what an editor saves at the moment, or a file just deleted. */
    @Test(timeout = 60_000)
    public void leavesAFileAsItWasWritten() throws Exception {
        Path file = writeToEtc("io.bascule.listener-kept.cfg", "host = 127.0.0.1\nport = 0\n");
        FileTime written = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(file, written);
        eventually(TO_NOTICE, "the listener is there", () -> listeners() == 2);

        writeToEtc("io.bascule.listener-later.cfg", "host = 127.0.0.1\nport = 0\n");
        eventually(TO_NOTICE, "another that came after it is too", () -> listeners() == 3);

        assertEquals(written, Files.getLastModifiedTime(file));
    }

    private int listeners() throws Exception {
        return context.getServiceReferences(Listener.class, null).size();
    }

    private String bridges() throws Exception {
        StringBuilder states = new StringBuilder();
        for (ServiceReference<Bridge> reference : context.getServiceReferences(Bridge.class, null)) {
            Bridge bridge = context.getService(reference);
            if (bridge != null) {
                states.append(bridge.status().state());
                context.ungetService(reference);
            }
        }
        return states.toString();
    }
}
