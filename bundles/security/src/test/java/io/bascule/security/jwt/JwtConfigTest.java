/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import io.bascule.config.ConfigReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtConfigTest {
    private static final String BITS_256 = "x".repeat(32);

    private static List<String> errors(String... properties) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        ConfigReader reader = ConfigReader.of(all);
        JwtConfig.read(reader);
        return reader.errors();
    }

    @Test
    void hasDefaultsForAllButTheKeys() {
        JwtConfig secret = JwtConfig.read(ConfigReader.of(Map.of("secret", BITS_256)));
        assertThat(secret.algorithms()).containsExactly(JWSAlgorithm.HS256);
        assertThat(secret.leeway()).isEqualTo(Duration.ofSeconds(30));
        assertThat(secret.userClaim()).isEqualTo("sub");
        JwtConfig keys = JwtConfig.read(ConfigReader.of(Map.of("keys", "file")));
        assertThat(keys.algorithms()).containsExactly(JWSAlgorithm.RS256, JWSAlgorithm.ES256);
    }

    @Test
    void wantsEitherASecretOrKeys() {
        assertThat(errors()).singleElement().asString().startsWith("keys: is missing");
        assertThat(errors("secret", BITS_256, "keys", "file"))
                .singleElement()
                .asString()
                .startsWith("keys: is not for one");
    }

    @ParameterizedTest
    @CsvSource({"HS256, 32", "HS384, 48", "HS512, 64", "'HS256,HS512', 64"})
    void wantsASecretThatIsAsLongAsTheHash(String algorithms, int bytes) {
        assertThat(errors("secret", "x".repeat(bytes), "algorithms", algorithms))
                .isEmpty();
        assertThat(errors("secret", "canary".repeat(20).substring(0, bytes - 1), "algorithms", algorithms))
                .singleElement()
                .asString()
                .startsWith("secret: is shorter")
                .contains(bytes + " bytes")
                .doesNotContain("canary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "ES256K", "EdDSA", "RS256,none", "rs256", ","})
    void takesPublicKeysForTheirAlgorithmsAlone(String algorithms) {
        assertThat(errors("keys", "file", "algorithms", algorithms))
                .singleElement()
                .asString()
                .startsWith("algorithms: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "RS256", "HS256,ES256"})
    void takesASecretForItsAlgorithmsAlone(String algorithms) {
        assertThat(errors("secret", BITS_256, "algorithms", algorithms))
                .singleElement()
                .asString()
                .startsWith("algorithms: ");
    }

    @ParameterizedTest
    @CsvSource({"leeway, 301s", "leeway, 5", "user.match, maybe", "user.clam, sub", "issuer, ''"})
    void refusesWhatItDoesNotKnow(String key, String value) {
        assertThat(errors("secret", BITS_256, key, value))
                .singleElement()
                .asString()
                .startsWith(key + ": ");
    }
}
