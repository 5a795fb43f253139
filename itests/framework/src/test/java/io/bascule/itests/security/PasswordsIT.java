/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.security;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.SecurityProvider;
import io.bascule.itests.peers.MosquittoPasswd;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.secrets.Canary;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.support.OldRevisions;
import io.bascule.spi.Authenticator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Password files, as Mosquitto's own program writes them and as the console does. */
public class PasswordsIT extends SecurityContract {
    private static final String WRONG_5 = "Bad User Name or Password";
    private static final int REFRESHES = 3;

    private Path file;

    @Before
    public void name() {
        file = folder.resolve("users");
    }

    private void configure() throws IOException {
        configure(PASSWORDS, "plant", Map.of("file", file.toString(), "ranking", "7"));
        eventually("it is there", () -> provider("plant").isPresent() && hasUsers("plant"));
    }

    private void awaitServing() {
        eventually(
                "it serves",
                () -> provider("plant").map(SecurityProvider::serving).orElse(false));
        awaitAsked();
    }

    private void login(String version, String user, String password) {
        MosquittoPub.publish(port, version, 1, "a", "x", "-u", user, "-P", password);
    }

    private void refused(String version, String user, String password, String why) {
        assertThatThrownBy(() -> login(version, user, password))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(why);
    }

    @Test(timeout = 60_000)
    public void readsWhatMosquittoPasswdWrites() throws Exception {
        MosquittoPasswd.set(file, "alice", Canary.secret("wonder land"));
        MosquittoPasswd.set(file, "bob", "pässwörd");
        configure();
        awaitServing();

        login("mqttv5", "alice", Canary.secret("wonder land"));
        login("mqttv311", "bob", "pässwörd");
        refused("mqttv5", "alice", "wonderland", WRONG_5);
        refused("mqttv311", "bob", Canary.secret("wonder land"), "bad user name or password");
        refused("mqttv5", "eve", Canary.secret("wonder land"), WRONG_5);
        assertThatThrownBy(() -> MosquittoPub.publish(port, "mqttv5", 1, "a", "x"))
                .hasMessageContaining("Not authorized");

        eventually(() -> assertThat(provider("plant").orElseThrow().figures())
                .containsEntry("users", 2L)
                .containsEntry("accepted", 2L)
                .containsEntry("rejected", 2L)
                .containsEntry("unknown", 1L));
        ServiceReference<Authenticator> reference = context.getServiceReference(Authenticator.class);
        assertThat(reference.getProperty(SecurityProvider.NAME)).isEqualTo("plant");
        assertThat(reference.getProperty("service.ranking")).isEqualTo(7);

        MosquittoPasswd.set(file, "alice", "another");
        eventually(() -> login("mqttv5", "alice", "another"));
        refused("mqttv5", "alice", Canary.secret("wonder land"), WRONG_5);
    }

    @Test(timeout = 60_000)
    @Cve("CVE-2018-12551")
    public void isNoAuthenticatorBeforeItsFileIsWholeAndKeepsItThen() throws Exception {
        Files.writeString(file, "alice:plain\n");
        configure();

        eventually(() -> assertThat(console("security")).contains("password-file", "line 1: its hash begins neither"));
        assertThat(context.getServiceReference(Authenticator.class)).isNull();

        MosquittoPasswd.create(file, "alice", Canary.secret("wonder land"));
        awaitServing();
        eventually(() ->
                assertThat(context.getServiceReference(Authenticator.class)).isNotNull());
        login("mqttv5", "alice", Canary.secret("wonder land"));

        Files.writeString(file, "alice:plain\n");
        eventually("it says so", () -> provider("plant").orElseThrow().failure().isPresent());
        login("mqttv5", "alice", Canary.secret("wonder land"));
        refused("mqttv5", "alice", "plain", WRONG_5);
    }

    @Test(timeout = 60_000)
    public void theConsoleAddsAndRemovesUsers() throws Exception {
        configure();
        eventually(() -> assertThat(console("security")).contains("there is no file " + file));

        String added = console("user-add --generate pump-4");
        String password = added.substring(added.lastIndexOf(' ') + 1);

        awaitServing();
        eventually(() ->
                assertThat(context.getServiceReference(Authenticator.class)).isNotNull());
        login("mqttv5", "pump-4", password);
        assertThat(Files.readString(file)).startsWith("pump-4:$argon2id$").doesNotContain(password);
        assertThat(console("users")).contains("pump-4");

        String changed = console("user-password -g pump-4");
        refused("mqttv5", "pump-4", password, WRONG_5);
        login("mqttv5", "pump-4", changed.substring(changed.lastIndexOf(' ') + 1));

        console("user-remove pump-4");
        refused("mqttv5", "pump-4", password, WRONG_5);
    }

    @Test(timeout = 120_000)
    public void leavesNothingBehind() throws Exception {
        MosquittoPasswd.set(file, "alice", Canary.secret("wonder land"));
        for (int i = 0; i < 20; i++) {
            configure(PASSWORDS, "plant", Map.of("file", file.toString(), "ranking", String.valueOf(i)));
            awaitRanking(i);
            awaitAsked();
            login("mqttv5", "alice", Canary.secret("wonder land"));
        }
        eventually(() -> assertThat(threads())
                .isLessThanOrEqualTo(1 + Runtime.getRuntime().availableProcessors()));
        OldRevisions revisions = new OldRevisions(context, installed("io.bascule.security"));
        for (int i = 0; i < REFRESHES; i++) {
            revisions.refresh();
            awaitRanking(19);
            awaitAsked();
            console("user-add --generate user" + i);
            login("mqttv5", "alice", Canary.secret("wonder land"));
        }

        delete(PASSWORDS, "plant");

        eventually(() -> assertThat(threads()).isZero());
        eventually(() -> {
            assertThat(provider("plant")).isEmpty();
            assertThat(context.getServiceReference(Authenticator.class)).isNull();
        });
        eventually(() -> assertThat(revisions.alive()).isZero());
    }

    private void awaitRanking(int ranking) {
        eventually(
                "there is one authenticator, of ranking " + ranking,
                () -> context.getServiceReferences(Authenticator.class, "(service.ranking=" + ranking + ")")
                                        .size()
                                == 1
                        && authenticators() == 1);
    }

    private int authenticators() throws InvalidSyntaxException {
        return context.getServiceReferences(Authenticator.class, null).size();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("bascule-pass"))
                .count();
    }
}
