/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.bascule.api.Bans;
import io.bascule.api.Broker;
import io.bascule.api.SecurityProvider;
import io.bascule.api.Users;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.Ports;
import io.bascule.itests.support.Eventually;
import io.bascule.itests.support.Folders;
import io.bascule.itests.support.InFramework;
import io.bascule.spi.Authenticator;
import io.bascule.spi.Authorizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** A listener, and providers whose files are in a folder of the test's own. */
public abstract class SecurityContract extends InFramework {
    static final String PASSWORDS = "io.bascule.passwords";
    static final String ACL = "io.bascule.acl";

    private static final AtomicInteger ASKED = new AtomicInteger();

    Path folder;
    int port;

    @Before
    public void start() throws IOException {
        folder = Folders.create("security");
        port = Ports.free(); // stays the same where the listener is shut for a moment, as while a provider comes
        configureListener("main", Map.of("host", "127.0.0.1", "port", String.valueOf(port)));
        awaitOpen("main");
    }

    @After
    public void stop() {
        Folders.delete(folder);
    }

    /** Puts a file in its place at once, as an editor that knows its business does. */
    void write(Path file, String text) {
        try {
            Path elsewhere = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
            Files.move(elsewhere, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Configures a provider, and waits until it serves and the broker asks it. */
    void serve(String pid, String name, Path file) throws IOException {
        configure(pid, name, Map.of("file", file.toString()));
        String decides = "(&(" + SecurityProvider.NAME + "=" + name + ")(|(objectClass=" + Authenticator.class.getName()
                + ")(objectClass=" + Authorizer.class.getName() + ")))";
        Eventually.eventually("it serves", () -> context.getServiceReferences((String) null, decides) != null);
        awaitAsked();
    }

    /** Waits until the listener is open, and the broker does not miss anybody who is to know its clients. */
    void awaitAsked() {
        awaitOpen("main");
        Eventually.eventually("the broker decides", this::isDecided);
    }

    private boolean isDecided() {
        try {
            // Each is somebody else: who fails to log in again and again is told so ever later.
            Client.connect(Version.MQTT_5, port, "who decides " + ASKED.incrementAndGet())
                    .close();
            return true;
        } catch (CompletionException e) {
            return e.getCause() instanceof Mqtt5ConnAckException refused
                    && refused.getMqttMessage().getReasonCode() != Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE;
        }
    }

    /** Has the broker ban who has failed so often to log in; until {@link #banNobodyAnyMore}. */
    void banAfter(String failures) throws IOException {
        configureSingleton("io.bascule.broker", Map.of("login.failures", failures));
        Eventually.eventually(
                "the broker has it",
                () -> service(Broker.class).limits().stream()
                        .anyMatch(limit -> limit.name().equals("login.failures")
                                && limit.value().equals(failures)));
        port = awaitOpen("main");
    }

    void banNobodyAnyMore() throws IOException {
        service(Bans.class).liftAll();
        configureSingleton("io.bascule.broker", Map.of());
    }

    /** Whether the client may publish there: 0x87 in PUBACK otherwise. */
    static boolean publishes(Client client, String topic) {
        try {
            client.publish(topic, 1, "client");
            return true;
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(Mqtt5PubAckException.class);
            assertThat(((Mqtt5PubAckException) e.getCause()).getMqttMessage().getReasonCode())
                    .isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
            return false;
        }
    }

    /** The provider of this name; empty where there is none. */
    Optional<SecurityProvider> provider(String name) {
        try {
            for (ServiceReference<SecurityProvider> reference : context.getServiceReferences(
                    SecurityProvider.class, "(" + SecurityProvider.NAME + "=" + name + ")")) {
                return Optional.ofNullable(context.getService(reference));
            }
            return Optional.empty();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the console can edit users: whoever serves them is there a little earlier. */
    boolean hasUsers(String name) {
        try {
            return context.getServiceReferences(Users.class, null).stream()
                    .map(context::getService)
                    .anyMatch(users -> users != null && users.name().equals(name));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
