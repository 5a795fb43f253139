/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jaas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Identity;
import io.bascule.mqtt.ReasonCode;
import io.bascule.security.Login;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class JaasAuthenticatorTest {
    private static final AuthenticationResult WRONG = Rejected.with(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    private static final AuthenticationResult UNAVAILABLE = Rejected.with(ReasonCode.SERVER_UNAVAILABLE);
    private static final AuthenticationResult BUSY = Rejected.with(ReasonCode.SERVER_BUSY);

    private final Map<String, AppConfigurationEntry[]> realms = new HashMap<>();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    private Logins logins = logins(Duration.ofSeconds(20));

    private Logins logins(Duration timeout) {
        return new Logins(timeout, clock, Thread::new, 1, 1);
    }

    @BeforeEach
    void configure() {
        realms.put(FakeModule.REALM, FakeModule.entries());
        Configuration.setConfiguration(new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return realms.get(name);
            }
        });
    }

    @AfterEach
    void close() throws InterruptedException {
        logins.close();
        clock.shutdownNow();
        Configuration.setConfiguration(null);
    }

    private JaasAuthenticator authenticator(String... more) {
        Map<String, String> properties = new HashMap<>(Map.of("service.pid", "io.bascule.jaas~x", "realm", "fake"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        JaasConfig config = JaasConfig.read(properties);
        assertThat(config.errors()).isEmpty();
        return new JaasAuthenticator(config, logins);
    }

    private static AuthenticationResult ask(JaasAuthenticator authenticator, Login login) throws Exception {
        return authenticator.authenticate(login).toCompletableFuture().get(20, SECONDS);
    }

    private static Login alice() {
        return Login.of("alice", FakeModule.PASSWORD);
    }

    @Test
    void acceptsWhomTheRealmLetsIn() throws Exception {
        JaasAuthenticator authenticator = authenticator();
        assertThat(ask(authenticator, alice()))
                .isEqualTo(new Accepted(new Identity(Optional.of("alice"), Set.of("mqtt", "staff"))));
        assertThat(ask(authenticator, Login.of("alice", "password"))).isEqualTo(WRONG);
        assertThat(ask(authenticator, Login.of("bob", FakeModule.PASSWORD))).isEqualTo(WRONG);
        assertThat(ask(authenticator, new Login(Optional.empty(), Optional.of(new byte[1]))))
                .isInstanceOf(Abstained.class);
        assertThat(authenticator.figures()).containsEntry("accepted", 1L).containsEntry("rejected", 2L);
    }

    @Test
    void leavesNobodyLoggedIn() throws Exception {
        ask(authenticator(), alice());
        assertThat(FakeModule.last.getPrincipals()).isEmpty();
        assertThat(FakeModule.loggedOut).isTrue();
    }

    @Test
    void takesTheGroupsThatAreNamed() throws Exception {
        JaasAuthenticator authenticator = authenticator(
                "groups.principals",
                FakeModule.ShiftPrincipal.class.getName() + ", " + FakeModule.GroupPrincipal.class.getName());
        assertThat(ask(authenticator, alice()))
                .isEqualTo(new Accepted(new Identity(Optional.of("alice"), Set.of("night", "staff"))));
    }

    @Test
    void acceptsOnlyWhoHasTheRole() throws Exception {
        assertThat(ask(authenticator("role", "mqtt"), alice())).isInstanceOf(Accepted.class);
        JaasAuthenticator strict = authenticator("role", "admin");
        assertThat(ask(strict, alice())).isEqualTo(WRONG);
        assertThat(strict.figures()).containsEntry("withoutRole", 1L);
        assertThat(FakeModule.loggedOut).isTrue();
    }

    @Test
    void asksTheRealmForNobodyWithoutAPassword() throws Exception {
        FakeModule.last = null;
        JaasAuthenticator authenticator = authenticator();
        assertThat(ask(authenticator, Login.of("alice", ""))).isEqualTo(WRONG);
        assertThat(ask(authenticator, new Login(Optional.of("alice"), Optional.empty())))
                .isEqualTo(WRONG);
        assertThat(ask(authenticator, new Login(Optional.of("alice"), Optional.of(new byte[] {(byte) 0xff}))))
                .isEqualTo(WRONG);
        assertThat(FakeModule.last).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "al*", "a)(uid=*", "al\\69ce", "alice ", " alice", "", "alice\u0000", "alice\n"})
    void asksTheRealmForNoNameThatCouldFindAnother(String userName) throws Exception {
        FakeModule.last = null;
        assertThat(ask(authenticator(), Login.of(userName, FakeModule.PASSWORD)))
                .isEqualTo(WRONG);
        assertThat(FakeModule.last).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"broken", "away", "talkative"})
    void rejectsWhereTheRealmGoesWrong(String userName) throws Exception {
        assertThat(ask(authenticator(), Login.of(userName, "x"))).isEqualTo(WRONG);
    }

    @Test
    void saysNowAndThenWhatMayBeMoreThanAWrongPassword() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, UTF_8));
        try {
            JaasAuthenticator authenticator = authenticator();
            ask(authenticator, Login.of("alice", "canary-7f3a"));
            ask(authenticator, Login.of("away", "canary-7f3a"));
            ask(authenticator, Login.of("away", "canary-7f3a"));
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(UTF_8))
                .containsOnlyOnce("cannot reach the directory")
                .doesNotContain("canary");
    }

    @Test
    void takesNoOtherRealmWhereItsOwnHasGone() {
        JaasAuthenticator authenticator = authenticator();
        realms.put("other", realms.remove(FakeModule.REALM));
        assertThatThrownBy(() -> ask(authenticator, alice()))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("the JAAS realm fake has gone"); // the broker makes 0x88 of that
    }

    @Test
    void waitsForNoRealmThatDoesNotAnswer() throws Exception {
        logins = logins(Duration.ofSeconds(2)); // enough for who is let in
        JaasAuthenticator authenticator = authenticator();
        assertThat(ask(authenticator, Login.of("endless", "x"))).isEqualTo(UNAVAILABLE);
        assertThat(ask(authenticator, alice())).isInstanceOf(Accepted.class); // its thread is there again
        assertThat(authenticator.figures()).containsEntry("unavailable", 1L);
    }

    @Test
    void saysThatItIsBusyAndLeavesNobodyWaitingWhenItCloses() throws Exception {
        FakeModule.entered = new CountDownLatch(1);
        JaasAuthenticator authenticator = authenticator();
        CompletableFuture<AuthenticationResult> running =
                authenticator.authenticate(Login.of("endless", "x")).toCompletableFuture();
        FakeModule.entered.await();
        CompletableFuture<AuthenticationResult> waiting =
                authenticator.authenticate(alice()).toCompletableFuture();
        assertThat(ask(authenticator, alice())).isEqualTo(BUSY);

        logins.close();

        assertThat(waiting.get(10, SECONDS)).isEqualTo(BUSY);
        assertThat(running.get(10, SECONDS)).isEqualTo(WRONG);
    }

    @Test
    void tellsNobodyThePassword() {
        assertThat(authenticator().authenticate(alice()).toString()).doesNotContain(FakeModule.PASSWORD);
    }
}
