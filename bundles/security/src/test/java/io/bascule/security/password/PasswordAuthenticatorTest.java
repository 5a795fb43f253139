/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Identity;
import io.bascule.itests.statements.Cve;
import io.bascule.mqtt.ReasonCode;
import io.bascule.security.Login;
import io.bascule.security.provider.Verifiers;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordAuthenticatorTest {
    private static final String PASSWORD = "canary-7f3a";
    private static final AuthenticationResult WRONG = Rejected.with(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    private static final AuthenticationResult BUSY = Rejected.with(ReasonCode.SERVER_BUSY);

    private final AtomicReference<PasswordFile> file = new AtomicReference<>(users("alice"));
    private final Verifiers verifiers = new Verifiers("test", 1, 2);
    private final PasswordAuthenticator authenticator =
            new PasswordAuthenticator(() -> Optional.of(file.get()), verifiers);

    private static PasswordFile users(String... names) {
        try {
            StringBuilder text = new StringBuilder();
            for (String name : names) {
                text.append(name)
                        .append(':')
                        .append(Argon2idHash.of(PASSWORD.getBytes(UTF_8)))
                        .append('\n');
            }
            return PasswordFile.FORMAT.parse(text.toString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        verifiers.close();
    }

    private AuthenticationResult ask(Login login) throws Exception {
        return authenticator.authenticate(login).toCompletableFuture().get(10, SECONDS);
    }

    @Test
    @Cve("CVE-2016-9877")
    void acceptsTheRightPasswordAlone() throws Exception {
        assertThat(ask(Login.of("alice", PASSWORD))).isEqualTo(new Accepted(Identity.of("alice")));
        assertThat(ask(Login.of("alice", PASSWORD + " "))).isEqualTo(WRONG);
        assertThat(ask(Login.of("alice", ""))).isEqualTo(WRONG);
        assertThat(ask(new Login(Optional.of("alice"), Optional.empty()))).isEqualTo(WRONG);
        assertThat(authenticator.figures())
                .containsEntry("users", 1L)
                .containsEntry("accepted", 1L)
                .containsEntry("rejected", 3L)
                .containsEntry("unknown", 0L);
    }

    @Test
    void abstainsWhereItKnowsNothing() throws Exception {
        assertThat(ask(Login.of("eve", PASSWORD))).isInstanceOf(Abstained.class);
        assertThat(ask(Login.of("Alice", PASSWORD))).isInstanceOf(Abstained.class);
        assertThat(ask(new Login(Optional.empty(), Optional.of(PASSWORD.getBytes(UTF_8)))))
                .isInstanceOf(Abstained.class);
        assertThat(authenticator.figures()).containsEntry("unknown", 2L);
    }

    @Test
    void usesAnotherFileAtOnce() throws Exception {
        assertThat(ask(Login.of("alice", PASSWORD))).isInstanceOf(Accepted.class);

        file.set(users("bob"));

        assertThat(ask(Login.of("alice", PASSWORD))).isInstanceOf(Abstained.class);
        assertThat(ask(Login.of("bob", PASSWORD))).isInstanceOf(Accepted.class);
    }

    @Test
    void saysThatItIsBusyRatherThanToHaveClientsWaitForEver() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        verifiers.verify(() -> {
            running.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return WRONG;
        });
        running.await();
        List<CompletableFuture<AuthenticationResult>> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiting.add(authenticator.authenticate(Login.of("alice", PASSWORD)).toCompletableFuture());
        }

        assertThat(ask(Login.of("alice", PASSWORD))).isEqualTo(BUSY);

        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        release.countDown();
        for (CompletableFuture<AuthenticationResult> each : waiting) {
            assertThat(each.get(10, SECONDS)).isInstanceOf(Accepted.class);
        }
        assertThat(authenticator.figures()).containsEntry("busy", 1L).containsEntry("accepted", 2L);
    }

    @Test
    void leavesNobodyWaitingWhenItCloses() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        verifiers.verify(() -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return WRONG;
        });
        running.await();
        CompletableFuture<AuthenticationResult> waiting =
                authenticator.authenticate(Login.of("alice", PASSWORD)).toCompletableFuture();

        verifiers.close();

        assertThat(waiting.get(10, SECONDS)).isEqualTo(BUSY);
        assertThat(ask(Login.of("alice", PASSWORD))).isEqualTo(BUSY);
    }

    @Test
    void tellsNobodyThePassword() throws Exception {
        assertThat(List.of(authenticator, file, file.get(), file.get().hashOf("alice"), ask(Login.of("alice", "x")))
                        .toString())
                .doesNotContain(PASSWORD)
                .doesNotContain("$argon2id");
    }
}
