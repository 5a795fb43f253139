/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.itests.client.Client;
import io.bascule.itests.client.Version;
import io.bascule.itests.hostile.Conversation.Verdict;
import io.bascule.itests.support.InFramework;
import io.bascule.mqtt.Message;
import io.bascule.spi.MessageInterceptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.ServiceRegistration;

/** The detectors of {@link HostileRemoteIT} and {@link HostileScenesIT} find what they are there for. */
public class HostileRemoteControlIT extends InFramework {
    private int local;
    private Watch watch;
    private ServiceRegistration<MessageInterceptor> registration;

    @Before
    public void open() throws IOException {
        local = openListener("local");
        watch = new Watch(context, local);
    }

    @After
    public void close() {
        if (registration != null) {
            registration.unregister();
        }
        watch.close();
    }

    private void finds(String beginning) {
        eventually(() -> assertThat(watch.faults()).anyMatch(fault -> fault.startsWith(beginning)));
    }

    @Test(timeout = 60_000)
    public void findNothingWhereNothingIsWrong() {
        watch.assertQuiet();
    }

    /** The broker logs as an error what an interceptor throws. */
    @Test(timeout = 60_000)
    public void findAnExceptionInTheLog() {
        intercept(message -> {
            throw new IllegalStateException("out of order");
        });

        finds("log: ");
    }

    @Test(timeout = 60_000)
    public void findAMessageThatDoesNotArrive() {
        intercept(message -> message.topic().toString().equals("pong") ? Optional.empty() : Optional.of(message));

        finds("ping-pong: a round took ");
    }

    @Test(timeout = 60_000)
    public void findAMessageOutOfOrder() {
        try (Client intruder = Client.connect(Version.MQTT_5, local, "intruder")) {
            intruder.publish("pong", 1, "-1");
        }

        finds("ping-pong: received -1 instead of ");
    }

    @Test(timeout = 60_000)
    public void findATopicOutsideOfTheMapping() throws IOException {
        try (HostileRemote remote = new HostileRemote(Version.MQTT_5, with -> {
            with.connect();
            with.accept();
            with.subscribed(1);
            with.send(ServerPackets.publish(with.version(), 0, 0, "astray"));
            with.awaitEnd();
        })) {
            configureBridge(
                    "astray",
                    Map.of(
                            "server", "mqtt://127.0.0.1:" + remote.port(),
                            "delete.grace", "0s",
                            "subscribe.in", "in/# -> elsewhere/{#}"));

            finds("outside of the mapping: elsewhere/x");
            remote.tame();
            deleteBridge("astray");
        }
    }

    @Test(timeout = 60_000)
    public void findAClientThatNeitherAnswersNorCloses() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket silent = new Socket(server.getInetAddress(), server.getLocalPort());
                Conversation with = new Conversation(server.accept(), Version.MQTT_5, 100)) {
            assertThat(with.judge((byte) 0xD0, (byte) 0)).isEqualTo(Verdict.HANGS);
            assertThat(with.awaitEnd()).isEqualTo(Verdict.HANGS);
            silent.shutdownOutput();
            assertThat(with.awaitEnd()).isEqualTo(Verdict.RESETS);
        }
    }

    @Test(timeout = 60_000)
    public void findABridgeThatDoesNotComeBack() throws IOException {
        try (HostileRemote remote = new HostileRemote(Version.MQTT_5, Conversation::behave, 100)) {
            eventually(() -> assertThatThrownBy(remote::check)
                    .isInstanceOf(AssertionError.class)
                    .hasCauseInstanceOf(SocketTimeoutException.class));
        }
    }

    private void intercept(Function<Message, Optional<Message>> change) {
        MessageInterceptor interceptor = (publisher, message) -> change.apply(message);
        registration = context.registerService(MessageInterceptor.class, interceptor, new Hashtable<>());
    }
}
