/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.house;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.support.PlainFramework;
import io.bascule.itests.support.TestBundle;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;

/** Every bundle resolves and every component comes up, in the frameworks that gateways have. */
public class ResolveIT {
    private static final String DOCTORS_TOOLS = String.join(
            ",",
            "org.osgi.dto",
            "org.osgi.framework",
            "org.osgi.framework.dto",
            "org.osgi.service.component.runtime",
            "org.osgi.service.component.runtime.dto");

    @Test(timeout = 180_000)
    public void everythingComesUpInFelix() throws Exception {
        try (PlainFramework felix = PlainFramework.felix()) {
            everythingComesUp(felix);
        }
    }

    @Test(timeout = 180_000)
    public void everythingComesUpInEquinox() throws Exception {
        try (PlainFramework equinox = PlainFramework.equinox()) {
            everythingComesUp(equinox);
        }
    }

    /** With a listener, a bridge, adapters and providers, whose components are there by configuration alone. */
    private static void everythingComesUp(PlainFramework framework) throws Exception {
        int port = Ports.free();
        Files.writeString(
                framework.etc().resolve("io.bascule.listener-a.cfg"),
                "host = 127.0.0.1\nport = %d\nauthenticators = none\nauthorizers = none\n".formatted(port));
        Files.writeString(
                framework.etc().resolve("io.bascule.bridge-b.cfg"),
                "server = mqtt://127.0.0.1:%d\nforward.all = # -> there/{#}\n".formatted(Ports.free()));
        for (String adapter : List.of("eventadmin", "typedevent")) {
            Files.writeString(framework.etc().resolve("io.bascule." + adapter + "-c.cfg"), "out.a = a/*\nin.b = b/#\n");
        }
        for (String provider : List.of("passwords", "scram", "acl")) {
            Files.writeString(framework.etc().resolve("io.bascule." + provider + "-d.cfg"), "file = none\n");
        }
        Files.writeString(framework.etc().resolve("io.bascule.certificates-d.cfg"), "user = cn\n");
        Files.writeString(framework.etc().resolve("io.bascule.jwt-d.cfg"), "keys = none\n");
        Files.writeString(framework.etc().resolve("io.bascule.http-d.cfg"), "url = https://localhost/\n");
        Files.writeString(framework.etc().resolve("io.bascule.jaas-d.cfg"), "realm = none\n");

        eventually(
                () -> assertThat(complaints(framework)).as("in %s", framework).isEmpty());
        eventually("the listener answers", () -> Ports.answers(port));
        Client.connect(Version.MQTT_5, port, "client").close();
    }

    @Test(timeout = 60_000)
    public void noticesABundleThatDoesNotResolve() throws Exception {
        try (PlainFramework felix = PlainFramework.felix()) {
            felix.install("lost", TestBundle.of("lost", "io.bascule.nowhere", List.of()));
            assertThat(complaints(felix)).anyMatch(complaint -> complaint.contains("lost"));
        }
    }

    @Test(timeout = 60_000)
    public void noticesAComponentThatDoesNotComeUp() throws Exception {
        try (PlainFramework felix = PlainFramework.felix()) {
            // Nothing configures a listener here.
            assertThat(complaints(felix)).anyMatch(complaint -> complaint.contains("ListenerComponent"));
        }
    }

    @Test(timeout = 60_000)
    public void keepsABundleOutOfAnothersInternals() throws Exception {
        try (PlainFramework felix = PlainFramework.felix()) {
            Bundle burglar =
                    felix.install("burglar", TestBundle.of("burglar", "io.bascule.transport.internal", List.of()));
            assertThatThrownBy(burglar::start)
                    .isInstanceOf(BundleException.class)
                    .hasMessageContaining("io.bascule.transport.internal");
        }
    }

    private static List<String> complaints(PlainFramework framework) throws Exception {
        Bundle doctor = framework.install("doctor", TestBundle.of("doctor", DOCTORS_TOOLS, List.of(Doctor.class)));
        doctor.start();
        try {
            ServiceReference<?> service = doctor.getRegisteredServices()[0];
            Callable<?> complaints = (Callable<?>) framework.context().getService(service);
            return ((List<?>) complaints.call()).stream().map(String::valueOf).toList();
        } finally {
            doctor.uninstall();
        }
    }
}
