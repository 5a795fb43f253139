/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScramSecretTest {
    /** That of {@code pencil}, with the salt of the example in RFC 7677. */
    static final String PENCIL =
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    @Test
    void readsWhatPostgresqlWrites() {
        ScramSecret secret = ScramSecret.parse(PENCIL);
        assertThat(secret.written()).isEqualTo(PENCIL);
        assertThat(secret.iterations()).isEqualTo(4096);
        assertThat(secret).hasToString("SCRAM-SHA-256 iterations=4096");
    }

    @Test
    void writesANewSaltEachTime() {
        ScramSecret secret = ScramSecret.of("pencil", 5000);
        assertThat(ScramSecret.parse(secret.written()).same(secret)).isTrue();
        assertThat(secret.written()).startsWith("SCRAM-SHA-256$5000:");
        assertThat(ScramSecret.of("pencil", 5000).saltText()).isNotEqualTo(secret.saltText());
    }

    @ParameterizedTest
    @CsvSource({
        "SHA-256, SHA-512, its hash does not begin with SCRAM-SHA-256$",
        "$4096, $4095, the number of iterations of its hash is out of bounds; allowed is 4096 to 1000000",
        "$4096, $1000001, the number of iterations of its hash is out of bounds; allowed is 4096 to 1000000",
        "$4096, $x, the number of iterations of its hash is out of bounds; allowed is 4096 to 1000000",
        "4096:, 4096$, 'its hash is not SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey'",
        "==$W, ==:W, 'its hash is not SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey'",
        "W22ZaJ0SNY7soEsUEjb6gQ==, W22ZaJ0SNQ==, 'the salt of its hash has 7 bytes; allowed is 8 to 32'",
        "WG5d8oPm, WG5d, 'the StoredKey of its hash has 29 bytes; allowed is 32'",
        "wfPLwcE6, wfPL, 'the ServerKey of its hash has 29 bytes; allowed is 32'",
        "wfPLwcE6, !, the ServerKey of its hash is not Base64",
    })
    void saysWhatIsWrong(String part, String instead, String message) {
        assertThatThrownBy(() -> ScramSecret.parse(PENCIL.replace(part, instead)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
