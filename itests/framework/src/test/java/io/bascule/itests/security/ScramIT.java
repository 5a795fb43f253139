/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import io.bascule.api.SecurityProvider;
import io.bascule.api.SessionInfo;
import io.bascule.itests.peers.MosquittoPasswd;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.support.OldRevisions;
import io.bascule.spi.EnhancedAuthenticator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Test;

/** SCRAM-SHA-256 over AUTH packets of HiveMQ's client, whose side of it is another library's. */
public class ScramIT extends SecurityContract {
    private static final String SCRAM = "io.bascule.scram";
    private static final String METHOD = "SCRAM-SHA-256";
    private static final String ACCEPTED = "SUCCESS";
    private static final String WRONG = "BAD_USER_NAME_OR_PASSWORD";
    private static final int REFRESHES = 3;

    private Path file;
    private int named;

    @Before
    public void name() {
        file = folder.resolve("users");
    }

    private void configure() throws IOException {
        configure(SCRAM, "plant", Map.of("file", file.toString(), "iterations", "5000"));
        eventually("it is there", () -> provider("plant").isPresent() && hasUsers("plant"));
        configureListener("named", Map.of("host", "127.0.0.1", "port", "0", "authenticators", "plant"));
    }

    private void awaitAuthenticator() {
        eventually(
                "it serves",
                () -> !context.getServiceReferences(
                                EnhancedAuthenticator.class, "(" + SecurityProvider.NAME + "=plant)")
                        .isEmpty());
    }

    /** Adds a user on the console, waits until he may come, and tells his password. */
    private String added(String user) {
        String password = lastWord(console("user-add --generate --passwords plant " + user));
        awaitAuthenticator();
        awaitOpen("main");
        named = awaitOpen("named");
        return password;
    }

    private static String lastWord(String text) {
        return text.substring(text.lastIndexOf(' ') + 1);
    }

    private static Mqtt5AsyncClient client(int at, Scram scram) {
        return Mqtt5Client.builder()
                .identifier("scram-client")
                .serverHost("127.0.0.1")
                .serverPort(at)
                .enhancedAuth(scram)
                .buildAsync();
    }

    /** The reason in CONNACK. */
    private static String outcome(int at, String method, String user, String password) throws Exception {
        Mqtt5AsyncClient client = client(at, new Scram(method, user, password));
        try {
            client.connect().get(20, TimeUnit.SECONDS);
            client.disconnect().get(20, TimeUnit.SECONDS);
            return Mqtt5ConnAckReasonCode.SUCCESS.name();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Mqtt5ConnAckException refusal) {
                return refusal.getMqttMessage().getReasonCode().name();
            }
            throw e;
        }
    }

    private String outcome(String user, String password) throws Exception {
        return outcome(named, METHOD, user, password);
    }

    @Test(timeout = 60_000)
    public void letsInWhoKnowsThePassword() throws Exception {
        configure();
        eventually(() -> assertThat(console("security")).contains("scram-file", "there is no file " + file));
        String password = added("pump-4");

        assertThat(outcome("pump-4", password)).isEqualTo(ACCEPTED);
        assertThat(outcome("pump-4", password + "x")).isEqualTo(WRONG);
        assertThat(outcome("pump-5", password)).isEqualTo(WRONG);
        assertThat(Files.readString(file))
                .matches("#decoys \\S+\npump-4:SCRAM-SHA-256\\$5000:\\S+\n")
                .doesNotContain(password);
        assertThat(console("users")).contains("pump-4");
        eventually(() -> assertThat(provider("plant").orElseThrow().figures())
                .containsEntry("users", 1L)
                .containsEntry("accepted", 1L)
                .containsEntry("rejected", 1L)
                .containsEntry("unknown", 1L));

        String changed = lastWord(console("user-password -g pump-4"));
        assertThat(outcome("pump-4", password)).isEqualTo(WRONG);
        assertThat(outcome("pump-4", changed)).isEqualTo(ACCEPTED);

        console("user-remove pump-4");
        assertThat(outcome("pump-4", changed)).isEqualTo(WRONG);
    }

    /** Also where a listener names nobody: one that asks all is not free while there is a provider. */
    @Test(timeout = 60_000)
    public void refusesWhoOnlySendsAPassword() throws Exception {
        configure();
        String password = added("pump-4");
        for (int at : new int[] {named, port}) {
            assertThat(outcome(at, METHOD, "pump-4", password)).isEqualTo(ACCEPTED);
            for (String version : new String[] {"mqttv311", "mqttv5"}) {
                assertThatThrownBy(() -> MosquittoPub.publish(at, version, 1, "a", "x", "-u", "pump-4", "-P", password))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining(version.equals("mqttv5") ? "Bad User Name or Password" : "bad user name");
                assertThatThrownBy(() -> MosquittoPub.publish(at, version, 1, "a", "x"))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("ot authori");
            }
        }
    }

    @Test(timeout = 60_000)
    public void servesNoMethodOnAListenerThatNamesAnother() throws Exception {
        configure();
        String password = added("pump-4");
        Path others = folder.resolve("others");
        MosquittoPasswd.set(others, "pump-4", password);
        serve(PASSWORDS, "office", others);
        configureListener("office", Map.of("host", "127.0.0.1", "port", "0", "authenticators", "office"));
        int office = awaitOpen("office");

        assertThat(outcome(office, METHOD, "pump-4", password)).isEqualTo("BAD_AUTHENTICATION_METHOD");
        assertThat(outcome(named, "SCRAM-SHA-1", "pump-4", password)).isEqualTo("BAD_AUTHENTICATION_METHOD");
        MosquittoPub.publish(office, "mqttv5", 1, "a", "x", "-u", "pump-4", "-P", password);
    }

    @Test(timeout = 60_000)
    public void authenticatesAgainAsTheSameUserAlone() throws Exception {
        configure();
        String password = added("pump-4");
        String others = added("pump-5");
        Scram scram = new Scram(METHOD, "pump-4", password);
        Mqtt5AsyncClient client = client(named, scram);
        client.connect().get(20, TimeUnit.SECONDS);
        assertThat(broker.session("scram-client").flatMap(SessionInfo::userName))
                .contains("pump-4");

        client.reauth().get(20, TimeUnit.SECONDS);
        assertThat(client.getState().isConnected()).isTrue();

        scram.become("pump-5", others);
        assertThatThrownBy(() -> client.reauth().get(20, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
        eventually("it is disconnected", () -> !client.getState().isConnected());
    }

    @Test(timeout = 120_000)
    public void leavesNothingBehind() throws Exception {
        configure();
        String password = added("pump-4");
        OldRevisions revisions = new OldRevisions(context, installed("io.bascule.security"));
        for (int i = 0; i < REFRESHES; i++) {
            revisions.refresh();
            awaitAuthenticator();
            named = awaitOpen("named");
            assertThat(outcome("pump-4", password)).isEqualTo(ACCEPTED);
        }

        delete(SCRAM, "plant");

        eventually(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("bascule-scram")));
        eventually(() -> assertThat(provider("plant")).isEmpty());
        eventually(() -> assertThat(revisions.alive()).isZero());
    }
}
