/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.bascule.api.Identity;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.security.Login;
import io.bascule.security.certificate.Shown;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAuthenticatorTest {
    private static final String PASSWORD = "canary-51c2";
    private static final AuthenticationResult WRONG = Rejected.with(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    private static final AuthenticationResult UNAVAILABLE = Rejected.with(ReasonCode.SERVER_UNAVAILABLE);
    private static final AuthenticationResult BUSY = Rejected.with(ReasonCode.SERVER_BUSY);

    private final AtomicLong nanos = new AtomicLong();
    private Decider decider;
    private Callout callout;
    private HttpAuthenticator authenticator;

    @BeforeEach
    void start() throws IOException {
        decider = new Decider();
        ask(decider.url(), Duration.ofSeconds(10), Duration.ZERO, 2);
    }

    private void ask(URI url, Duration timeout, Duration ttl, int maximumRequests) {
        close(callout);
        callout = new Callout("test", url, Optional.of("Bearer token"), timeout);
        authenticator = new HttpAuthenticator("test", callout::post, new AnswerCache(ttl, nanos::get), maximumRequests);
    }

    @AfterEach
    void stop() {
        close(callout);
        decider.close();
    }

    private static void close(Callout callout) {
        try {
            if (callout != null) {
                callout.close();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private AuthenticationResult ask(Login login) throws Exception {
        return authenticator.authenticate(login).toCompletableFuture().get(20, SECONDS);
    }

    /** Has alice come in with her password and nobody else, anonymous clients without one being none of its business. */
    private void knowsAlice() {
        decider.does(exchange -> {
            Map<String, Object> question;
            try {
                question = JSONObjectUtils.parse(
                        decider.questions().get(decider.questions().size() - 1));
            } catch (java.text.ParseException e) {
                throw new IOException(e);
            }
            boolean known = "alice".equals(question.get("userName")) && PASSWORD.equals(question.get("password"));
            boolean silent = !question.containsKey("userName") && !question.containsKey("password");
            String result = known ? "allow" : silent ? "ignore" : "deny";
            byte[] answer = ("{\"result\":\"" + result + "\"}").getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        });
    }

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void decidesAboutEveryKindOfLogin(MqttVersion version) throws Exception {
        knowsAlice();
        for (Optional<String> user : List.of(Optional.of("alice"), Optional.of("eve"), Optional.<String>empty())) {
            for (Optional<String> password :
                    List.of(Optional.of(PASSWORD), Optional.of("bad"), Optional.of(""), Optional.<String>empty())) {
                Login login = new Login(user, password.map(text -> text.getBytes(UTF_8))).in(version);
                AuthenticationResult expected = user.isEmpty() && password.isEmpty()
                        ? new Abstained()
                        : user.equals(Optional.of("alice")) && password.equals(Optional.of(PASSWORD))
                                ? new Accepted(Identity.of("alice"))
                                : user.isPresent() ? WRONG : Rejected.with(ReasonCode.NOT_AUTHORIZED);
                assertThat(ask(login)).as("%s %s", user, password).isEqualTo(expected);
            }
        }
        assertThat(authenticator.figures())
                .containsEntry("accepted", 1L)
                .containsEntry("rejected", 10L)
                .containsEntry("unknown", 1L)
                .hasSize(3);
    }

    @Test
    void asksForAllThatIsKnown() throws Exception {
        decider.answers(200, "{\"result\":\"allow\"}");
        ask(Login.of("al\"ice", PASSWORD).as("client-7").in(MqttVersion.MQTT_3_1_1));
        ask(new Login(Optional.of("alice"), Optional.of(new byte[] {(byte) 0xFF})));

        assertThat(JSONObjectUtils.parse(decider.questions().get(0)))
                .isEqualTo(Map.of(
                        "clientId", "client-7",
                        "userName", "al\"ice",
                        "password", PASSWORD,
                        "version", "3.1.1",
                        "listener", "main",
                        "address", "10.0.0.1"));
        assertThat(JSONObjectUtils.parse(decider.questions().get(1)))
                .containsEntry("passwordBase64", "/w==")
                .doesNotContainKey("password");
        assertThat(decider.authorizations()).containsOnly("Bearer token");
    }

    @Test
    void saysOfWhomACertificateIsOrDoesNotAsk() throws Exception {
        decider.answers(200, "{\"result\":\"allow\"}");
        ask(Login.of("alice", PASSWORD).showing(Shown.subject("CN=pump, O=Plant")));
        assertThat(JSONObjectUtils.parse(decider.questions().get(0))).containsEntry("certificate", "CN=pump,O=Plant");

        byte[] bmpString = HexFormat.of().parseHex("300f310d300b06035504031e04726f6f74"); // CN=root on JDK 17
        assertThat(ask(Login.of("alice", PASSWORD).showing(Shown.subject(bmpString))))
                .isEqualTo(Rejected.with(ReasonCode.NOT_AUTHORIZED));
        assertThat(decider.questions()).hasSize(1);
    }

    @Test
    void takesTheUserAndGroupsOfTheAnswer() throws Exception {
        decider.answers(
                200, "{\"result\":\"allow\",\"user\":\"bob\",\"groups\":[\"staff\",\"west\"],\"more\":{\"a\":[1]}}");
        assertThat(ask(Login.of("alice", PASSWORD)))
                .isEqualTo(new Accepted(new Identity(Optional.of("bob"), Set.of("staff", "west"))));
        assertThat(ask(new Login(Optional.empty(), Optional.empty())))
                .isEqualTo(new Accepted(new Identity(Optional.of("bob"), Set.of("staff", "west"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "true",
                "[]",
                "{}",
                "allow",
                "{\"result\":true}",
                "{\"result\":\"ALLOW\"}",
                "{\"result\":\"allow\"",
                "{\"result\":\"allow\"} x",
                "{\"result\":\"allow\",\"result\":\"allow\"}",
                "{\"result\":\"allow\",\"user\":\"\"}",
                "{\"result\":\"allow\",\"user\":7}",
                "{\"result\":\"allow\",\"user\":\"a\\u0000\"}",
                "{\"result\":\"allow\",\"user\":\"a\\ud800\"}",
                "{\"result\":\"allow\",\"groups\":\"staff\"}",
                "{\"result\":\"allow\",\"groups\":[7]}",
                "{\"result\":\"allow\",\"groups\":[null]}"
            })
    void failsClosedOnWhatIsNoAnswer(String answer) throws Exception {
        decider.answers(200, answer);
        assertThat(ask(Login.of("alice", PASSWORD))).isEqualTo(UNAVAILABLE);
        assertThat(authenticator.trouble()).isPresent();

        decider.answers(200, "{\"result\":\"deny\"}");
        assertThat(ask(Login.of("alice", PASSWORD))).isEqualTo(WRONG);
        assertThat(authenticator.trouble()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 302, 401, 403, 404, 500, 503})
    void failsClosedOnAnyOtherStatus(int status) throws Exception {
        decider.answers(status, status == 204 ? "" : "{\"result\":\"allow\"}");
        assertThat(ask(Login.of("alice", PASSWORD))).isEqualTo(UNAVAILABLE);
        assertThat(authenticator.trouble()).hasValue("the server has answered with status " + status);
    }

    @Test
    void failsClosedOnARedirection() throws Exception {
        try (Decider other = new Decider()) {
            other.answers(200, "{\"result\":\"allow\"}");
            decider.does(exchange -> {
                exchange.getResponseHeaders().set("Location", other.url().toString());
                exchange.sendResponseHeaders(307, -1);
            });
            assertThat(ask(Login.of("alice", PASSWORD))).isEqualTo(UNAVAILABLE);
            assertThat(other.questions()).isEmpty();
        }
    }

    @Test
    void failsClosedWhereNobodyListens() throws Exception {
        decider.close();
        assertThat(ask(Login.of("alice", PASSWORD))).isEqualTo(UNAVAILABLE);
        assertThat(authenticator.figures()).containsEntry("failed", 1L);
    }

    @Test
    void readsNoMoreThanItMay() throws Exception {
        String blanks = " ".repeat(64 * 1024 - "{\"result\":\"allow\"}".length());
        decider.answers(200, "{\"result\":\"allow\"}" + blanks);
        assertThat(ask(Login.of("alice", PASSWORD))).isInstanceOf(Accepted.class);

        decider.answers(200, "{\"result\":\"allow\"}" + blanks + " ");
        assertThat(ask(Login.of("alice", PASSWORD))).isEqualTo(UNAVAILABLE);
    }

    /** Also of one that sends a byte now and then. */
    @Test
    void waitsNoLongerThanItMay() throws Exception {
        ask(decider.url(), Duration.ofMillis(200), Duration.ZERO, 2);
        CountDownLatch never = new CountDownLatch(1);
        decider.does(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.write('{');
            out.flush();
            await(never);
        });

        assertThat(ask(Login.of("alice", PASSWORD))).isEqualTo(UNAVAILABLE);
        assertThat(authenticator.trouble()).hasValue("the server has not answered: it took more than 200 ms");

        decider.does(exchange -> await(never));
        assertThat(ask(Login.of("alice", PASSWORD))).isEqualTo(UNAVAILABLE);
        never.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void saysThatItIsBusyRatherThanToAskMoreThanItMay() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        decider.does(exchange -> {
            await(go);
            byte[] answer = "{\"result\":\"allow\"}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        });
        List<CompletableFuture<AuthenticationResult>> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiting.add(authenticator.authenticate(Login.of("alice", PASSWORD)).toCompletableFuture());
        }

        assertThat(ask(Login.of("alice", PASSWORD))).isEqualTo(BUSY);

        go.countDown();
        for (CompletableFuture<AuthenticationResult> each : waiting) {
            assertThat(each.get(20, SECONDS)).isInstanceOf(Accepted.class);
        }
        assertThat(ask(Login.of("alice", PASSWORD))).isInstanceOf(Accepted.class);
    }

    @Test
    void keepsWhoWasAllowedForAWhile() throws Exception {
        ask(decider.url(), Duration.ofSeconds(10), Duration.ofSeconds(60), 2);
        knowsAlice();
        Login alice = Login.of("alice", PASSWORD);
        assertThat(ask(alice)).isInstanceOf(Accepted.class);
        decider.answers(200, "{\"result\":\"deny\"}");

        nanos.addAndGet(SECONDS.toNanos(59));
        assertThat(ask(alice)).isInstanceOf(Accepted.class);
        assertThat(ask(Login.of("alice", PASSWORD + "x"))).isEqualTo(WRONG);
        assertThat(ask(alice.as("another"))).isEqualTo(WRONG);

        nanos.addAndGet(SECONDS.toNanos(1));
        assertThat(ask(alice)).isEqualTo(WRONG);
        assertThat(decider.questions()).hasSize(4);
    }

    @Test
    void keepsNothingElse() throws Exception {
        ask(decider.url(), Duration.ofSeconds(10), Duration.ofSeconds(60), 2);
        for (String answer : List.of("{\"result\":\"deny\"}", "{\"result\":\"ignore\"}", "?")) {
            decider.answers(200, answer);
            ask(Login.of("alice", PASSWORD));
        }
        decider.answers(200, "{\"result\":\"allow\"}");
        assertThat(ask(Login.of("alice", PASSWORD))).isInstanceOf(Accepted.class);
    }

    @Test
    void tellsNobodyThePassword() throws Exception {
        decider.answers(200, "{\"result\":\"" + PASSWORD + "\",\"user\":\"" + PASSWORD + "\"}");
        ask(Login.of("alice", PASSWORD));
        assertThat(authenticator.trouble().orElseThrow()).doesNotContain(PASSWORD);
        assertThat(authenticator.figures().toString()).doesNotContain(PASSWORD);
    }
}
