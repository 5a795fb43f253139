/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.ListenerStatus;
import io.bascule.api.SecurityProvider;
import io.bascule.itests.client.Client;
import io.bascule.itests.client.ConnectOptions;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.secrets.Canary;
import io.bascule.itests.support.OldRevisions;
import io.bascule.spi.Authenticator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A JAAS realm of the process that the framework is in. */
public class JaasIT extends SecurityContract {
    private static final String JAAS = "io.bascule.jaas";
    private static final String WRONG_5 = "Bad User Name or Password";
    private static final int REFRESHES = 3;

    private volatile boolean there;

    @Before
    public void configureTheProcess() {
        AppConfigurationEntry entry = new AppConfigurationEntry(
                HouseModule.class.getName(),
                LoginModuleControlFlag.REQUIRED,
                Map.of("alice", Canary.secret("wonder land")));
        Configuration.setConfiguration(new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return there && name.equals("house") ? new AppConfigurationEntry[] {entry} : null;
            }
        });
    }

    @After
    public void configureNothing() {
        Configuration.setConfiguration(null);
    }

    private void configure() throws IOException {
        configure(JAAS, "plant", Map.of("realm", "house", "ranking", "7"));
    }

    private void awaitAuthenticator(boolean wanted) {
        eventually(
                wanted ? "it serves" : "it serves no more",
                () -> wanted
                        == !context.getServiceReferences(Authenticator.class, "(" + SecurityProvider.NAME + "=plant)")
                                .isEmpty());
    }

    private void login(int at, String version, String user, String password) {
        MosquittoPub.publish(at, version, 1, "a", "x", "-u", user, "-P", password);
    }

    @Test(timeout = 60_000)
    public void letsInWhomTheRealmLetsIn() throws Exception {
        there = true;
        configure();
        awaitAuthenticator(true);
        configureListener("named", Map.of("host", "127.0.0.1", "port", "0", "authenticators", "plant"));
        int named = awaitOpen("named");

        login(named, "mqttv5", "alice", Canary.secret("wonder land"));
        login(named, "mqttv311", "alice", Canary.secret("wonder land"));
        assertThatThrownBy(() -> login(named, "mqttv5", "alice", "wonderland")).hasMessageContaining(WRONG_5);
        assertThatThrownBy(() -> login(named, "mqttv311", "eve", Canary.secret("wonder land")))
                .hasMessageContaining("bad user name or password");
        assertThatThrownBy(() -> MosquittoPub.publish(named, "mqttv5", 1, "a", "x"))
                .hasMessageContaining("Not authorized");
        eventually(() -> assertThat(provider("plant").orElseThrow().figures())
                .containsEntry("accepted", 2L)
                .containsEntry("rejected", 2L));
        assertThat(context.getServiceReference(Authenticator.class).getProperty("service.pid"))
                .isEqualTo("io.bascule.jaas~plant");
    }

    @Test(timeout = 60_000)
    public void givesRightsByTheGroupsOfTheRealm() throws Exception {
        there = true;
        configure();
        awaitAuthenticator(true);
        Path rights = folder.resolve("rights");
        Files.writeString(rights, "allow publish group=staff desks/#\n");
        serve(ACL, "plant", rights);
        configureListener(
                "named", Map.of("host", "127.0.0.1", "port", "0", "authenticators", "plant", "authorizers", "plant"));
        int named = awaitOpen("named");

        ConnectOptions options =
                ConnectOptions.of(Version.MQTT_5, named, "c").as("alice", Canary.secret("wonder land"));
        try (Client alice = Client.connect(options, message -> {})) {
            assertThat(publishes(alice, "desks/1")).isTrue();
            assertThat(publishes(alice, "doors/1")).isFalse();
        }
    }

    @Test(timeout = 60_000)
    public void servesWhileTheRealmIsThere() throws Exception {
        configure();
        configureListener("named", Map.of("host", "127.0.0.1", "port", "0", "authenticators", "plant"));
        eventually(() -> assertThat(console("security")).contains("jaas-realm", "no", "there is no JAAS realm house"));
        eventually(() -> assertThat(listener("named")).hasValueSatisfying(status -> {
            assertThat(status.state()).isEqualTo(ListenerStatus.State.RETRYING);
            assertThat(status.reason().orElse("")).contains("plant is not there", "there is no JAAS realm house");
        }));

        there = true;
        awaitAuthenticator(true);
        login(awaitOpen("named"), "mqttv5", "alice", Canary.secret("wonder land"));
        eventually(() -> assertThat(provider("plant").orElseThrow().failure()).isEmpty());

        there = false;
        awaitAuthenticator(false);
        eventually(() -> assertThat(listener("named").orElseThrow().state()).isEqualTo(ListenerStatus.State.RETRYING));
    }

    @Test(timeout = 60_000)
    public void decidesNothingByAConfigurationThatIsWrong() throws Exception {
        there = true;
        configure(JAAS, "plant", Map.of("realms", "house"));
        eventually(() -> assertThat(console("security")).contains("realms: is not a key; did you mean realm?"));
        awaitAuthenticator(false);
    }

    @Test(timeout = 120_000)
    public void leavesNothingBehind() throws Exception {
        there = true;
        configure();
        awaitAuthenticator(true);
        OldRevisions revisions = new OldRevisions(context, installed("io.bascule.security"));
        for (int i = 0; i < REFRESHES; i++) {
            revisions.refresh();
            awaitAuthenticator(true);
            eventually(() -> login(port, "mqttv5", "alice", Canary.secret("wonder land")));
        }

        delete(JAAS, "plant");

        eventually(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("bascule-jaas")));
        eventually(() -> assertThat(provider("plant")).isEmpty());
        eventually(() -> assertThat(revisions.alive()).isZero());
    }
}
