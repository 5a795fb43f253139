/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    private static final String SALT = "c29tZXNhbHR4eA";
    /** By the reference implementation: {@code printf 'wonder land' | argon2 somesaltxx -id -t 2 -k 19456 -p 1 -e}. */
    private static final String REFERENCE =
            "$argon2id$v=19$m=19456,t=2,p=1$" + SALT + "$s0rdHY7kEyDqg5FRAUWeFwg4U0VBNL3Kxom1cs6fc6A";
    /** {@code printf 'x' | argon2 othersalt123 -id -t 3 -k 4096 -p 4 -l 24 -e}. */
    private static final String REFERENCE_OF_4_LANES =
            "$argon2id$v=19$m=4096,t=3,p=4$b3RoZXJzYWx0MTIz$aJryh+x7ZKQciHQQdHH8XxqKi3jvmIvO";

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"alice,wonder land", "bob,pässwörd", "carol,s3cret", "empty,''"})
    void knowsWhatMosquittoPasswdHasWritten(String user, String password) throws Exception {
        PasswordFile file;
        try (InputStream in = PasswordHashTest.class.getResourceAsStream("mosquitto-2.0.11.passwords")) {
            file = PasswordFile.FORMAT.parse(new String(in.readAllBytes(), UTF_8));
        }
        PasswordHash hash = file.hashOf(user).orElseThrow();

        assertThat(hash.matches(bytes(password))).isTrue();
        assertThat(hash.matches(bytes(password + "x"))).isFalse();
        assertThat(hash.matches(bytes("wrong"))).isFalse();
    }

    @Test
    void knowsWhatTheReferenceImplementationOfArgon2HasWritten() {
        assertThat(PasswordHash.parse(REFERENCE).matches(bytes("wonder land"))).isTrue();
        assertThat(PasswordHash.parse(REFERENCE).matches(bytes("Wonder land"))).isFalse();
        assertThat(PasswordHash.parse(REFERENCE_OF_4_LANES).matches(bytes("x"))).isTrue();
        assertThat(PasswordHash.parse(REFERENCE_OF_4_LANES).matches(bytes("y"))).isFalse();
    }

    /** Or a storm of logins keeps the collector busy, and with it everybody else waiting. */
    @Test
    void usesItsMemoryAgain() {
        var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        PasswordHash hash = PasswordHash.parse(REFERENCE);
        hash.matches(bytes("wonder land"));

        long before = thread.getCurrentThreadAllocatedBytes();
        assertThat(hash.matches(bytes("wonder land"))).isTrue();
        assertThat(hash.matches(bytes("wrong"))).isFalse();

        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(1024 * 1024);
    }

    @Test
    void knowsItsOwn() {
        byte[] notText = {(byte) 0xff, 0, (byte) 0x80};
        String written = Argon2idHash.of(notText);

        assertThat(written).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(Argon2idHash.of(notText));
        assertThat(PasswordHash.parse(written).matches(notText)).isTrue();
        assertThat(PasswordHash.parse(written).matches(new byte[] {(byte) 0xff, 0}))
                .isFalse();
        assertThat(Argon2idHash.ofNobody().matches(notText)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m=4194304,t=1,p=1", // 4 GiB
                "m=262145,t=1,p=1",
                "m=262144,t=5,p=1", // each within its bounds, not both
                "m=4096,t=65,p=1",
                "m=4096,t=0,p=1",
                "m=7,t=1,p=1",
                "m=15,t=1,p=2",
                "m=4096,t=1,p=17",
                "m=99999999999,t=1,p=1",
                "m=-8,t=1,p=1",
                "t=1,m=4096,p=1",
                "m=4096,t=1",
            })
    void refusesWhatWouldCostTooMuchOrIsNonsense(String costs) {
        String good = "$argon2id$v=19$m=4096,t=1,p=1$" + SALT + "$" + SALT + SALT;
        assertThat(PasswordHash.parse(good)).hasToString("Argon2id m=4096 t=1 p=1");

        assertThatThrownBy(() -> PasswordHash.parse(good.replace("m=4096,t=1,p=1", costs)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(SALT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "$1$abc$def",
                "$argon2i$v=19$m=4096,t=1,p=1$c29tZXNhbHR4eA$c29tZXNhbHR4eA",
                "$argon2id$v=16$m=4096,t=1,p=1$c29tZXNhbHR4eA$c29tZXNhbHR4eAAAAAAAAAAAAA",
                "$argon2id$v=19$m=4096,t=1,p=1$c29tZXNhbHR4eA$c2hvcnQ",
                "$argon2id$v=19$m=4096,t=1,p=1$*$c29tZXNhbHR4eAAAAAAAAAAAAA",
                "$7$0$wkIGHpnunBFILcT0$AAAA",
                "$7$2000000$wkIGHpnunBFILcT0$AAAA",
                "$7$101$wkIGHpnunBFILcT0$AAAA",
                "$7$101$wkIGHpnunBFILcT0",
                "$6$iU5t4IkvN5bd5ZQP$AAAA",
                "$6$iU5t4IkvN5bd5ZQP"
            })
    void refusesWhatIsNoHash(String text) {
        assertThatThrownBy(() -> PasswordHash.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("c29t", "wkIG", "iU5t"));
    }
}
