/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.SecurityProvider;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.LoginAttempt;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoPasswd;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.peers.MosquittoSub;
import io.bascule.itests.secrets.Canary;
import io.bascule.spi.Authenticator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.ServiceReference;

/** Clients whose password is a token. */
public class JwtIT extends ProviderContract {
    private static final String JWT = "io.bascule.jwt";
    private static final long HOUR = 3600;
    /** In seconds; enough for a slow machine to connect in. */
    private static final long BRIEF = 10;

    private Issuer issuer;
    private Path file;

    @Before
    public void issue() throws Exception {
        issuer = new Issuer("key-1");
        file = folder.resolve("keys.json");
    }

    private Map<String, String> properties(String... more) {
        Map<String, String> all = new HashMap<>(Map.of("keys", file.toString()));
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    private void serve(String... more) throws IOException {
        write(file, issuer.keySet());
        configure(JWT, "plant", properties(more));
        eventually(
                "it serves",
                () -> provider("plant").map(SecurityProvider::serving).orElse(false)
                        && context.getServiceReference(Authenticator.class) != null);
        awaitAsked();
    }

    private int answer(String user, String password) throws IOException {
        return LoginAttempt.code(port, Version.MQTT_5, Optional.of(user), Optional.of(password));
    }

    /** Takes its time: who fails to log in is told so late. */
    @Test(timeout = 180_000)
    public void letsInWhoHasAToken() throws Exception {
        serve("user.match", "true");
        String token = issuer.token("alice", HOUR);

        onlyAliceComesIn(answers(token, new Issuer("key-1").token("alice", HOUR)));

        assertThat(answer("alice", issuer.token("alice", -HOUR))).isEqualTo(0x86);
        assertThat(console("security")).contains("jwt", "accepted 2");
        ServiceReference<Authenticator> reference = context.getServiceReference(Authenticator.class);
        assertThat(reference.getProperty("service.pid")).isEqualTo("io.bascule.jwt~plant");
    }

    @Test(timeout = 60_000)
    public void givesMosquittosClientsTheRightsOfTheirGroups() throws Exception {
        serve("groups.claim", "roles");
        write(folder.resolve("rights"), "allow all group=staff plants/%u/#\n");
        serve(ACL, "plants", folder.resolve("rights"));
        String[] options = {"-u", "unused", "-P", issuer.token("alice", HOUR)};
        try (MosquittoSub sub = MosquittoSub.start(port, "mqttv311", "sub", 1, "plants/alice/#", options)) {
            MosquittoPub.publish(port, "mqttv5", 1, "plants/bob/a", "lost", options);
            MosquittoPub.publish(port, "mqttv5", 1, "plants/alice/a", "hello", options);
            eventually(() -> assertThat(sub.payloads()).containsExactly("hello"));
        }
        assertThatThrownBy(() -> MosquittoPub.publish(
                        port, "mqttv5", 1, "plants/alice/a", "x", "-u", "alice", "-P", issuer.token("alice", -HOUR)))
                .hasMessageContaining("Bad User Name or Password");
    }

    @Test(timeout = 60_000)
    public void leavesWhatIsNoTokenToAPasswordFile() throws Exception {
        serve("ranking", "5");
        Path users = folder.resolve("users");
        MosquittoPasswd.create(users, "bob", "wonderland");
        serve(PASSWORDS, "users", users);

        assertThat(answer("bob", "wonderland")).isZero();
        assertThat(answer("bob", "wunderland")).isEqualTo(0x86);
        assertThat(answer("bob", issuer.token("alice", HOUR))).isZero();
        assertThat(answer("bob", new Issuer("key-1").token("bob", HOUR))).isEqualTo(0x86);
    }

    @Test(timeout = 60_000)
    public void usesOtherKeysWithinTwoSeconds() throws Exception {
        serve();
        String old = issuer.token("alice", HOUR);
        assertThat(answer("alice", old)).isZero();

        Issuer other = new Issuer("key-2");
        write(file, "{\"keys\":");
        eventually("it says so", () -> provider("plant").orElseThrow().failure().isPresent());
        assertThat(answer("alice", old)).isZero();

        write(file, other.keySet());
        eventually(
                "it has them", () -> provider("plant").orElseThrow().failure().isEmpty());
        assertThat(answer("alice", other.token("alice", HOUR))).isZero();
        assertThat(answer("alice", old)).isEqualTo(0x86);
    }

    @Test(timeout = 120_000)
    public void endsAConnectionWithItsToken() throws Exception {
        serve("leeway", "0s");
        try (Client lasting3 = connect(Version.MQTT_3_1_1, "lasting3", HOUR);
                Client lasting5 = connect(Version.MQTT_5, "lasting5", HOUR);
                Client brief3 = connect(Version.MQTT_3_1_1, "brief3", BRIEF);
                Client brief5 = connect(Version.MQTT_5, "brief5", BRIEF)) {
            eventually(
                    Duration.ofSeconds(3 * BRIEF),
                    "the tokens have expired",
                    () -> !brief3.isConnected() && !brief5.isConnected());
            assertThat(lasting3.isConnected()).isTrue();
            assertThat(lasting5.isConnected()).isTrue();
        }
    }

    private Client connect(Version version, String clientId, long seconds) {
        ConnectOptions options = ConnectOptions.of(version, port, clientId);
        return Client.connect(options.as("alice", issuer.token("alice", seconds)), message -> {});
    }

    @Test(timeout = 60_000)
    public void isNoneBeforeItsFileIsWhole() throws Exception {
        configure(JWT, "plant", properties());
        eventually(() -> assertThat(console("security")).contains("there is no file " + file));
        assertThat(context.getServiceReference(Authenticator.class)).isNull();

        serve();
        assertThat(answer("alice", issuer.token("alice", HOUR))).isZero();

        configure(JWT, "plant", Map.of("secret", Canary.WORD));
        eventually(() ->
                assertThat(console("security")).contains("secret: is shorter").doesNotContain(Canary.WORD));
        eventually(() ->
                assertThat(context.getServiceReference(Authenticator.class)).isNull());
    }

    @Test(timeout = 120_000)
    public void leavesNothingBehind() throws Exception {
        write(file, issuer.keySet());
        leavesNothingBehind(JWT, properties(), issuer.token("alice", HOUR));
    }
}
