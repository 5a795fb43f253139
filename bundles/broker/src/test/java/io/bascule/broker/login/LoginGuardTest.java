/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Ban;
import io.bascule.broker.Limit;
import io.bascule.mqtt.ReasonCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is answered late and who is banned, by a clock that the test winds. */
class LoginGuardTest {
    private static final String LISTENER = "plant";
    private static final SocketAddress HERE = at("192.0.2.7");
    private static final SocketAddress ELSEWHERE = at("192.0.2.8");

    private long now = -Duration.ofMinutes(3).toNanos();
    private final LoginGuard guard = new LoginGuard(() -> now);

    private static SocketAddress at(String address) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), 50_000);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static LoginOrigin user(String name, SocketAddress from) {
        return LoginOrigin.of(Optional.of(name), "some client", from);
    }

    private static LoginOrigin client(String clientId, SocketAddress from) {
        return LoginOrigin.of(Optional.empty(), clientId, from);
    }

    private Duration fail(LoginOrigin origin) {
        return guard.rejected(origin, ReasonCode.BAD_USER_NAME_OR_PASSWORD, LISTENER);
    }

    private void fail(LoginOrigin origin, int times) {
        for (int i = 0; i < times; i++) {
            fail(origin);
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void bansAUserAtAnAddressForAWhile() {
        fail(user("alice", HERE), 9);
        assertThat(guard.bans(user("alice", HERE))).isEmpty();
        fail(user("alice", HERE));
        assertThat(guard.bans(user("alice", HERE))).contains(Limit.LOGIN_FAILURES);

        assertThat(guard.bans(user("alice", ELSEWHERE))).isEmpty();
        assertThat(guard.bans(user("bob", HERE))).isEmpty();
        assertThat(guard.bans(client("alice", HERE))).isEmpty();
        assertThat(guard.bansAddress(HERE)).isFalse();

        pass(Duration.ofMinutes(5).minusNanos(1));
        assertThat(guard.bans(user("alice", HERE))).isPresent();
        pass(Duration.ofNanos(1));
        assertThat(guard.bans(user("alice", HERE))).isEmpty();
        fail(user("alice", HERE), 9); // begins anew
        assertThat(guard.bans(user("alice", HERE))).isEmpty();
    }

    @Test
    void bansAClientThatShowsNoUserName() {
        fail(client("pump-4", HERE), 10);
        assertThat(guard.bans(client("pump-4", HERE))).contains(Limit.LOGIN_FAILURES);
        assertThat(guard.bans(user("pump-4", HERE))).isEmpty();
    }

    @Test
    void bansNobodyInParticularWhoShowsNothing() {
        fail(client("", HERE), 99);
        assertThat(guard.bans(client("", HERE))).isEmpty();
        fail(client("", HERE));
        assertThat(guard.bans(client("", HERE))).contains(Limit.LOGIN_FAILURES_ADDRESS);
    }

    @Test
    void countsTenMinutes() {
        fail(user("alice", HERE), 9);
        pass(Duration.ofMinutes(12));
        fail(user("alice", HERE));
        assertThat(guard.bans(user("alice", HERE))).isEmpty();
        for (int i = 0; i < 9; i++) {
            pass(Duration.ofSeconds(66));
            fail(user("alice", HERE));
        }
        assertThat(guard.bans(user("alice", HERE))).isPresent();
    }

    @Test
    void bansAnAddressOfWhomsoeverItsFailuresAre() {
        for (int i = 0; i < 99; i++) {
            fail(user("user-" + i, HERE));
        }
        assertThat(guard.bansAddress(HERE)).isFalse();
        fail(client("pump-4", HERE));
        assertThat(guard.bansAddress(HERE)).isTrue();
        assertThat(guard.bans(user("bob", HERE))).contains(Limit.LOGIN_FAILURES_ADDRESS);
        assertThat(guard.bansAddress(ELSEWHERE)).isFalse();
        pass(Duration.ofMinutes(5));
        assertThat(guard.bansAddress(HERE)).isFalse();
    }

    @Test
    void aDeviceWithAWrongPasswordBansItselfAndNotItsPlant() {
        for (int second = 0; second < 3600; second++) {
            if (guard.bans(user("pump-4", HERE)).isEmpty()) {
                pass(fail(user("pump-4", HERE)));
            }
            pass(Duration.ofSeconds(1));
            assertThat(guard.bansAddress(HERE)).isFalse();
        }
    }

    @Test
    void neverBansLoopbackOrAUnixSocketAsAWhole() {
        for (SocketAddress local : List.of(
                at("127.0.0.1"), at("127.8.9.10"), at("::1"), UnixDomainSocketAddress.of("/run/bascule/mqtt.sock"))) {
            for (int i = 0; i < 1000; i++) {
                fail(user("user-" + i, local));
            }
            assertThat(guard.bansAddress(local)).isFalse();
            fail(user("alice", local), 10);
            assertThat(guard.bans(user("alice", local))).contains(Limit.LOGIN_FAILURES);
            assertThat(guard.bans(user("bob", local))).isEmpty();
        }
    }

    @Test
    void takesAnIpv6NetworkForOneAddress() {
        IntStream.range(0, 10).forEach(i -> fail(user("alice", at("2001:db8:1:2::" + i))));
        assertThat(guard.bans(user("alice", at("2001:db8:1:2:ffff::1")))).isPresent();
        assertThat(guard.bans(user("alice", at("2001:db8:1:3::1")))).isEmpty();
        assertThat(guard.list()).singleElement().extracting(Ban::address).isEqualTo("2001:db8:1:2:0:0:0:0/64");
    }

    @Test
    void aGoodLoginClearsItsPairAlone() {
        fail(user("alice", HERE), 9);
        fail(user("bob", HERE), 9);
        guard.accepted(user("alice", HERE));
        fail(user("alice", HERE), 9);
        fail(user("bob", HERE), 1);
        assertThat(guard.bans(user("alice", HERE))).isEmpty();
        assertThat(guard.bans(user("bob", HERE))).isPresent();
        for (int i = 0; i < 8; i++) {
            guard.accepted(user("alice", HERE));
            fail(user("alice", HERE), 9);
        }
        assertThat(guard.bansAddress(HERE)).isTrue();
    }

    @Test
    void answersLateFromTheThirdFailureOn() {
        List<Long> seconds = IntStream.range(0, 8)
                .mapToObj(i -> fail(user("alice", HERE)).toSeconds())
                .toList();
        assertThat(seconds).containsExactly(0L, 0L, 1L, 2L, 4L, 8L, 8L, 8L);
        assertThat(fail(user("bob", HERE))).isZero();
    }

    @Test
    void answersLateAUserOverAllAddressesButNeverBansHim() {
        Duration hold = Duration.ZERO;
        for (int i = 0; i < 250; i++) {
            hold = fail(user("alice", at("198.51.100." + i)));
        }
        assertThat(hold).isEqualTo(Duration.ofSeconds(8));
        guard.accepted(user("alice", HERE)); // which clears what was counted here, and not what elsewhere
        assertThat(fail(user("alice", HERE))).isEqualTo(Duration.ofSeconds(8));
        assertThat(guard.list()).isEmpty();
        assertThat(fail(client("alice", HERE))).isZero();
    }

    @Test
    void holdsNothingBackForLongerThanItMay() {
        guard.obey(new LoginPolicy(1000, 1000, Duration.ofMinutes(5), Duration.ofMillis(1500)));
        fail(user("alice", HERE), 2);
        assertThat(fail(user("alice", HERE))).isEqualTo(Duration.ofSeconds(1));
        fail(user("alice", HERE), 500);
        assertThat(fail(user("alice", HERE))).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void bansNobodyForNoTime() {
        guard.obey(new LoginPolicy(1, 1, Duration.ZERO, Duration.ofSeconds(8)));
        fail(user("alice", HERE), 50);
        assertThat(guard.list()).isEmpty();
        assertThat(fail(user("alice", HERE))).isEqualTo(Duration.ofSeconds(8));
    }

    @ParameterizedTest
    @EnumSource(
            value = ReasonCode.class,
            names = {"SERVER_UNAVAILABLE", "SERVER_BUSY", "BAD_AUTHENTICATION_METHOD", "QUOTA_EXCEEDED", "BANNED"})
    void doesNotCountWhatSaysNothingOfWhoItIs(ReasonCode reason) {
        for (int i = 0; i < 200; i++) {
            assertThat(guard.rejected(user("alice", HERE), reason, LISTENER)).isZero();
        }
        assertThat(guard.list()).isEmpty();
    }

    @Test
    void listsBansAndLiftsThem() {
        fail(user("alice", HERE), 10);
        fail(client("pump-4", HERE), 10);
        fail(user("alice", ELSEWHERE), 10);
        guard.bans(user("alice", ELSEWHERE));
        pass(Duration.ofMinutes(1));

        assertThat(guard.list())
                .extracting(ban -> ban.user().orElse("-") + " " + ban.client().orElse("-") + " " + ban.address() + " "
                        + ban.listener() + " " + ban.refused())
                .containsExactly(
                        "alice - 192.0.2.7 plant 0", "- pump-4 192.0.2.7 plant 0", "alice - 192.0.2.8 plant 1");
        Ban first = guard.list().get(0);
        assertThat(Duration.between(first.since(), first.until())).isEqualTo(Duration.ofMinutes(5));
        assertThat(Duration.between(Instant.now(), first.until()))
                .isBetween(Duration.ofMinutes(3), Duration.ofMinutes(4));

        assertThat(guard.lift("192.0.2.7", "bob")).isZero();
        assertThat(guard.lift("192.0.2.7", "pump-4")).isEqualTo(1);
        assertThat(guard.bans(client("pump-4", HERE))).isEmpty();
        assertThat(guard.lift("192.0.2.8")).isEqualTo(1);
        assertThat(guard.liftAll()).isEqualTo(1);
        assertThat(guard.list()).isEmpty();
        assertThat(guard.bans(user("alice", HERE))).isEmpty();
    }

    @Test
    void liftsAnAddressAsAWholeWithAllThatAreBannedThere() {
        fail(user("alice", HERE), 100);
        assertThat(guard.list()).hasSize(2);
        assertThat(guard.list().get(0).user()).isEmpty();
        assertThat(guard.lift("192.0.2.7")).isEqualTo(2);
        assertThat(guard.bansAddress(HERE)).isFalse();
    }

    @Test
    void neitherGrowsNorForgetsABanUnderAFloodOfNames() {
        SocketAddress loopback = at("127.0.0.1");
        fail(user("alice", HERE), 10);
        fail(user("guesser", HERE), 9);
        for (int i = 0; i < 150_000; i++) {
            fail(user("random-" + i, loopback));
        }
        assertThat(guard.bans(user("alice", HERE))).isPresent();
        fail(user("guesser", HERE));
        assertThat(guard.bans(user("guesser", HERE))).isPresent();
    }

    @Test
    void keepsLittleOfALongName() {
        String endless = "x".repeat(65_535);
        fail(user(endless, HERE), 10);
        assertThat(guard.bans(user(endless, HERE))).isPresent();
        assertThat(guard.bans(user(endless.substring(1), HERE))).isEmpty();
        assertThat(guard.list())
                .singleElement()
                .satisfies(ban ->
                        assertThat(ban.user().orElseThrow()).startsWith("xxx").hasSizeLessThan(64));
    }

    @Test
    void forgetsWhatIsOver() {
        fail(user("alice", HERE), 10);
        pass(Duration.ofMinutes(20));
        guard.sweep();
        assertThat(guard.list()).isEmpty();
        assertThat(guard.liftAll()).isZero();
    }
}
