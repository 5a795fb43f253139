/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.bascule.api.Identity;
import io.bascule.config.ConfigReader;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.security.Login;
import io.bascule.security.file.BadFileException;
import io.bascule.security.provider.Verifiers;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtAuthenticatorTest {
    private static final AuthenticationResult WRONG = Rejected.with(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final String SECRET = "canary-".repeat(10);

    private final Verifiers verifiers = new Verifiers("test", 1, 32);
    private final AtomicReference<TokenKeys> keys = new AtomicReference<>();

    @AfterEach
    void close() throws InterruptedException {
        verifiers.close();
    }

    private static JwtConfig config(String... properties) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        ConfigReader reader = ConfigReader.of(all);
        JwtConfig config = JwtConfig.read(reader);
        assertThat(reader.errors()).isEmpty();
        return config;
    }

    /** One that has a secret. */
    private JwtAuthenticator secret(String... more) {
        JwtConfig config = config(with("secret", SECRET, more));
        keys.set(TokenKeys.ofSecret(config.algorithms(), config.secret().orElseThrow()));
        return authenticator(config);
    }

    /** One that has a file of keys. */
    private JwtAuthenticator keys(String file, String... more) {
        JwtConfig config = config(with("keys", "keys", more));
        keys.set(parse(config, file));
        return authenticator(config);
    }

    private static TokenKeys parse(JwtConfig config, String file) {
        try {
            return TokenKeys.parse(config.algorithms(), file);
        } catch (BadFileException e) {
            throw new AssertionError(e);
        }
    }

    private static String[] with(String key, String value, String... more) {
        String[] all = new String[more.length + 2];
        all[0] = key;
        all[1] = value;
        System.arraycopy(more, 0, all, 2, more.length);
        return all;
    }

    private JwtAuthenticator authenticator(JwtConfig config) {
        return new JwtAuthenticator("test", config, keys::get, verifiers, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /** What it answers, without until when. */
    private static AuthenticationResult ask(JwtAuthenticator authenticator, Login login) throws Exception {
        AuthenticationResult result =
                authenticator.authenticate(login).toCompletableFuture().get(20, SECONDS);
        return result instanceof Accepted accepted ? new Accepted(accepted.identity()) : result;
    }

    private static AuthenticationResult ask(JwtAuthenticator authenticator, String token) throws Exception {
        return ask(authenticator, Login.of("anything", token));
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder().subject("alice").expirationTime(Date.from(NOW.plusSeconds(60)));
    }

    private static String hmac(JWTClaimsSet.Builder claims) throws Exception {
        return Tokens.signed(JWSAlgorithm.HS256, new MACSigner(SECRET), claims.build());
    }

    private static String rsa(JWTClaimsSet.Builder claims) throws Exception {
        return Tokens.signed(JWSAlgorithm.RS256, new RSASSASigner(Tokens.RSA), claims.build());
    }

    private static AuthenticationResult accepted(String user, String... groups) {
        return new Accepted(new Identity(Optional.of(user), Set.of(groups)));
    }

    // ---------------------------------------------------------------- who comes in

    @ParameterizedTest
    @EnumSource(MqttVersion.class)
    void decidesAboutEveryKindOfLogin(MqttVersion version) throws Exception {
        JwtAuthenticator authenticator = secret("user.match", "true");
        String good = hmac(claims());
        String bad = good.substring(0, good.lastIndexOf('.') + 1) + "AAAA";
        for (Optional<String> user : List.of(Optional.of("alice"), Optional.of("eve"), Optional.<String>empty())) {
            for (Optional<String> password :
                    List.of(Optional.of(good), Optional.of(bad), Optional.of(""), Optional.<String>empty())) {
                AuthenticationResult expected = password.isEmpty()
                                || password.get().isEmpty()
                        ? new Abstained()
                        : user.equals(Optional.of("alice")) && password.get().equals(good) ? accepted("alice") : WRONG;
                Login login = new Login(user, password.map(text -> text.getBytes(UTF_8))).in(version);
                assertThat(ask(authenticator, login))
                        .as("%s %s", user, password)
                        .isEqualTo(expected);
            }
        }
        assertThat(authenticator.figures())
                .containsEntry("accepted", 1L)
                .containsEntry("rejected", 5L)
                .containsEntry("unknown", 6L);
    }

    @Test
    void goesByTheTokenUnlessItIsToldToCompare() throws Exception {
        JwtAuthenticator authenticator = secret();
        assertThat(ask(authenticator, Login.of("eve", hmac(claims())))).isEqualTo(accepted("alice"));
        assertThat(ask(
                        authenticator,
                        new Login(Optional.empty(), Optional.of(hmac(claims()).getBytes(UTF_8)))))
                .isEqualTo(accepted("alice"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret",
                "a.b",
                "a.b.c",
                "a.b.c.d",
                "e30",
                "e30.e30",
                "e30.e30.AAAA.",
                "e30.e30. AAAA",
                "e30..AAAA",
                "e30.e30.AAAA.e30.e30",
                "päss.wörd.!"
            })
    void abstainsWhereThePasswordIsNoToken(String password) throws Exception {
        assertThat(ask(secret(), password)).isInstanceOf(Abstained.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "e30.e30.AAAA",
                "eyJ4.e30.AAAA",
                "eyJhbGciOiJIUzI1NiJ9.AAAA.AAAA",
                "eyJhbGciOiJIUzI1NiJ9.e30.",
                "eyJhbGciOjd9.e30.AAAA"
            })
    void rejectsATokenThatCannotBeRead(String password) throws Exception {
        assertThat(ask(secret(), password)).isEqualTo(WRONG);
    }

    // ---------------------------------------------------------------- signatures

    @ParameterizedTest
    @CsvSource({"HS256", "HS384", "HS512"})
    void verifiesHmac(String name) throws Exception {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
        String token = Tokens.signed(algorithm, new MACSigner(SECRET), claims().build());
        assertThat(ask(secret("algorithms", name), token)).isEqualTo(accepted("alice"));
        assertThat(ask(secret("algorithms", name.equals("HS256") ? "HS512" : "HS256"), token))
                .isEqualTo(WRONG);
        String other = Tokens.signed(algorithm, new MACSigner(SECRET + "x"), claims().build());
        assertThat(ask(secret("algorithms", name), other)).isEqualTo(WRONG);
    }

    @ParameterizedTest
    @CsvSource({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    void verifiesRsa(String name) throws Exception {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
        String pem = Tokens.pem(Tokens.RSA.toPublicKey());
        String token = Tokens.signed(algorithm, new RSASSASigner(Tokens.RSA), claims().build());
        assertThat(ask(keys(pem, "algorithms", name), token)).isEqualTo(accepted("alice"));
        String other = Tokens.signed(algorithm, new RSASSASigner(Tokens.rsa("rsa-1")), claims().build());
        assertThat(ask(keys(pem, "algorithms", name), other)).isEqualTo(WRONG);
    }

    @Test
    void verifiesEllipticCurves() throws Exception {
        String file = Tokens.pem(Tokens.EC_256.toPublicKey())
                + Tokens.pem(Tokens.EC_384.toPublicKey())
                + Tokens.pem(Tokens.EC_521.toPublicKey());
        JwtAuthenticator authenticator = keys(file, "algorithms", "ES256, ES384,ES512");
        for (var key : List.of(Tokens.EC_256, Tokens.EC_384, Tokens.EC_521)) {
            ECDSASigner signer = new ECDSASigner(key);
            JWSAlgorithm algorithm = signer.supportedJWSAlgorithms().iterator().next();
            assertThat(ask(authenticator, Tokens.signed(algorithm, signer, claims().build())))
                    .as("%s", algorithm)
                    .isEqualTo(accepted("alice"));
        }
    }

    /** CVE-2022-21449: a signature of zeros. */
    @Test
    void rejectsASignatureOfZeros() throws Exception {
        String token = Tokens.signed(JWSAlgorithm.ES256, new ECDSASigner(Tokens.EC_256), claims().build());
        String zeros = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]);
        assertThat(ask(
                        keys(Tokens.pem(Tokens.EC_256.toPublicKey())),
                        token.substring(0, token.lastIndexOf('.') + 1) + zeros))
                .isEqualTo(WRONG);
    }

    /** CVE-2015-9235: the algorithm is none. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE"})
    void rejectsATokenThatNobodyHasSigned(String none) throws Exception {
        String plain = new PlainJWT(claims().build()).serialize();
        String header =
                Base64.getUrlEncoder().withoutPadding().encodeToString(("{\"alg\":\"" + none + "\"}").getBytes(UTF_8));
        String body = plain.split("\\.")[1];
        for (JwtAuthenticator each : List.of(secret(), keys(Tokens.pem(Tokens.RSA.toPublicKey())))) {
            assertThat(ask(each, plain)).isEqualTo(WRONG);
            assertThat(ask(each, header + "." + body + ".")).isEqualTo(WRONG);
            assertThat(ask(each, header + "." + body + ".AAAA")).isEqualTo(WRONG);
        }
    }

    /** CVE-2016-10555: a public key that is taken for a secret. */
    @Test
    void takesNoPublicKeyForASecret() throws Exception {
        String pem = Tokens.pem(Tokens.RSA.toPublicKey());
        JwtAuthenticator authenticator = keys(pem, "algorithms", "RS256,ES256");
        for (byte[] secret : List.of(
                pem.getBytes(UTF_8),
                pem.strip().getBytes(UTF_8),
                Tokens.RSA.toPublicKey().getEncoded())) {
            String token = Tokens.signed(JWSAlgorithm.HS256, new MACSigner(secret), claims().build());
            assertThat(ask(authenticator, token)).isEqualTo(WRONG);
        }
    }

    /** What a token says about keys is not looked at: CVE-2018-0114. */
    @Test
    void takesNoKeyFromTheToken() throws Exception {
        RSAKey own = Tokens.rsa("rsa-1");
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwk(own.toPublicJWK())
                .keyID("rsa-1")
                .build();
        assertThat(ask(
                        keys(Tokens.pem(Tokens.RSA.toPublicKey())),
                        Tokens.signed(header, new RSASSASigner(own), claims().build())))
                .isEqualTo(WRONG);
    }

    @Test
    void rejectsWhatIsCriticalAndNotKnown() throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .criticalParams(Set.of("exotic"))
                .customParam("exotic", true)
                .build();
        assertThat(ask(
                        keys(Tokens.pem(Tokens.RSA.toPublicKey())),
                        Tokens.signed(header, new RSASSASigner(Tokens.RSA), claims().build())))
                .isEqualTo(WRONG);
    }

    @Test
    void readsAccessTokensAndNoOtherKinds() throws Exception {
        JwtAuthenticator authenticator = keys(Tokens.pem(Tokens.RSA.toPublicKey()));
        for (String type : List.of("JWT", "at+jwt", "logout+jwt")) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .type(new JOSEObjectType(type))
                    .build();
            assertThat(ask(authenticator, Tokens.signed(header, new RSASSASigner(Tokens.RSA), claims().build())))
                    .isEqualTo(type.startsWith("logout") ? WRONG : accepted("alice"));
        }
    }

    // ---------------------------------------------------------------- which key

    @Test
    void asksTheKeyThatTheTokenNames() throws Exception {
        RSAKey second = Tokens.rsa("rsa-2");
        JwtAuthenticator authenticator = keys(new JWKSet(List.of(Tokens.RSA, second, Tokens.EC_256)).toString(true));

        assertThat(ask(authenticator, named("rsa-2", second))).isEqualTo(accepted("alice"));
        assertThat(ask(authenticator, named("rsa-1", second))).isEqualTo(WRONG);
        assertThat(ask(authenticator, named("rsa-3", second))).isEqualTo(WRONG);
        assertThat(ask(authenticator, named("ec-256", second))).isEqualTo(WRONG);
        assertThat(ask(authenticator, named(null, second))).isEqualTo(accepted("alice"));
    }

    private static String named(String id, RSAKey key) throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build();
        return Tokens.signed(header, new RSASSASigner(key), claims().build());
    }

    @Test
    void takesAKeyForWhatItIsForAlone() throws Exception {
        String forPs = new JWKSet(new RSAKey.Builder(Tokens.RSA)
                        .algorithm(JWSAlgorithm.PS256)
                        .build())
                .toString(true);
        JwtAuthenticator authenticator = keys(forPs, "algorithms", "RS256,PS256");
        assertThat(ask(authenticator, rsa(claims()))).isEqualTo(WRONG);
        assertThat(ask(
                        authenticator,
                        Tokens.signed(JWSAlgorithm.PS256, new RSASSASigner(Tokens.RSA), claims().build())))
                .isEqualTo(accepted("alice"));
    }

    @Test
    void anyTokenMayNameTheKeyOfAPemFile() throws Exception {
        assertThat(ask(keys(Tokens.pem(Tokens.RSA.toPublicKey())), named("whatever", Tokens.RSA)))
                .isEqualTo(accepted("alice"));
    }

    @Test
    void usesOtherKeysAtOnce() throws Exception {
        RSAKey second = Tokens.rsa("rsa-2");
        JwtAuthenticator authenticator = keys(new JWKSet(Tokens.RSA).toString(true));
        assertThat(ask(authenticator, named("rsa-1", Tokens.RSA))).isEqualTo(accepted("alice"));

        keys.set(parse(config("keys", "keys"), new JWKSet(second).toString(true)));

        assertThat(ask(authenticator, named("rsa-1", Tokens.RSA))).isEqualTo(WRONG);
        assertThat(ask(authenticator, named("rsa-2", second))).isEqualTo(accepted("alice"));
    }

    // ---------------------------------------------------------------- claims

    @Test
    void looksAtTheClock() throws Exception {
        JwtAuthenticator authenticator = secret("leeway", "30s");
        assertThat(ask(authenticator, hmac(claims().expirationTime(Date.from(NOW.minusSeconds(29))))))
                .isEqualTo(accepted("alice"));
        assertThat(ask(authenticator, hmac(claims().expirationTime(Date.from(NOW.minusSeconds(31))))))
                .isEqualTo(WRONG);
        assertThat(ask(authenticator, hmac(claims().expirationTime(null)))).isEqualTo(WRONG);
        assertThat(ask(authenticator, hmac(claims().notBeforeTime(Date.from(NOW.plusSeconds(29))))))
                .isEqualTo(accepted("alice"));
        assertThat(ask(authenticator, hmac(claims().notBeforeTime(Date.from(NOW.plusSeconds(31))))))
                .isEqualTo(WRONG);
    }

    @Test
    void saysUntilWhenATokenCounts() throws Exception {
        JwtAuthenticator authenticator = secret("leeway", "10s");
        AuthenticationResult result = authenticator
                .authenticate(Login.of("alice", hmac(claims())))
                .toCompletableFuture()
                .get(20, SECONDS);
        assertThat(result).isEqualTo(new Accepted(Identity.of("alice"), Optional.of(NOW.plusSeconds(70))));
    }

    @Test
    void asksForIssuerAndAudience() throws Exception {
        JwtAuthenticator authenticator = secret("issuer", "https://id.example.org", "audience", "bascule");
        JWTClaimsSet.Builder good = claims().issuer("https://id.example.org");
        assertThat(ask(authenticator, hmac(good.audience(List.of("other", "bascule")))))
                .isEqualTo(accepted("alice"));
        assertThat(ask(authenticator, hmac(good.audience("other")))).isEqualTo(WRONG);
        assertThat(ask(authenticator, hmac(good.audience((String) null)))).isEqualTo(WRONG);
        assertThat(ask(authenticator, hmac(claims().audience("bascule").issuer("https://id.example.com"))))
                .isEqualTo(WRONG);
        assertThat(ask(authenticator, hmac(claims().audience("bascule")))).isEqualTo(WRONG);
    }

    @Test
    void takesUserGroupsAndClientFromTheClaimsThatItIsTold() throws Exception {
        JwtAuthenticator authenticator =
                secret("user.claim", "name", "groups.claim", "roles", "client.claim", "device");
        JWTClaimsSet.Builder claims = claims().claim("name", "bob").claim("device", "client");

        assertThat(ask(authenticator, hmac(claims))).isEqualTo(accepted("bob"));
        assertThat(ask(authenticator, hmac(claims.claim("roles", List.of("a b", "c")))))
                .isEqualTo(accepted("bob", "a b", "c"));
        assertThat(ask(authenticator, hmac(claims.claim("roles", "a  b c")))).isEqualTo(accepted("bob", "a", "b", "c"));
        assertThat(ask(authenticator, hmac(claims.claim("roles", List.of(7))))).isEqualTo(WRONG);
        assertThat(ask(authenticator, hmac(claims.claim("roles", Map.of("a", "b")))))
                .isEqualTo(WRONG);

        claims.claim("roles", null);
        assertThat(ask(authenticator, Login.of("bob", hmac(claims)).as("another")))
                .isEqualTo(Rejected.with(ReasonCode.NOT_AUTHORIZED));
        assertThat(ask(authenticator, hmac(claims.claim("device", null)))).isEqualTo(WRONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\u0000b", "a\nb", "a\uFFFDb"})
    void rejectsAUserNameThatIsNone(String user) throws Exception {
        assertThat(ask(secret(), hmac(claims().subject(user)))).isEqualTo(WRONG);
        assertThat(ask(secret(), hmac(claims().subject(null)))).isEqualTo(WRONG);
        assertThat(ask(secret("user.claim", "n"), hmac(claims().claim("n", 7)))).isEqualTo(WRONG);
    }

    @Test
    void readsNoTokenThatIsTooLong() throws Exception {
        String good = hmac(claims());
        int room = (16 * 1024 - good.length()) * 3 / 4 - 100;
        assertThat(ask(secret(), hmac(claims().claim("fill", "x".repeat(room)))))
                .isEqualTo(accepted("alice"));
        assertThat(ask(secret(), hmac(claims().claim("fill", "x".repeat(room + 200)))))
                .isEqualTo(WRONG);
    }

    @Test
    void survivesATokenThatIsNestedDeeply() throws Exception {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String deep = base64.encodeToString(("{\"a\":" + "[".repeat(5000)).getBytes(UTF_8));
        assertThat(ask(secret(), deep + ".e30.AAAA")).isEqualTo(WRONG);
        assertThat(ask(secret(), "eyJhbGciOiJIUzI1NiJ9." + deep + ".AAAA")).isEqualTo(WRONG);
    }

    /** None of them passes, and none of them fails in another way than by being rejected or passed over. */
    @Test
    void rejectsATokenWithAnyCharacterChanged() throws Exception {
        String token = hmac(claims());
        JwtAuthenticator authenticator = secret();
        int last = token.length() - 1; // its last bits stand for nothing
        for (int i = 0; i < last; i++) {
            String changed = token.substring(0, i) + (token.charAt(i) == 'A' ? 'B' : 'A') + token.substring(i + 1);
            assertThat(ask(authenticator, changed)).as(changed).isNotInstanceOf(Accepted.class);
        }
    }

    @Test
    void tellsNobodyTheSecret() throws Exception {
        JwtAuthenticator authenticator = secret();
        ask(authenticator, hmac(claims()));
        assertThat(List.of(config("secret", SECRET), authenticator, keys.get(), authenticator.figures())
                        .toString())
                .doesNotContain("canary");
    }

    // ---------------------------------------------------------------- it signs what it is used for

    @Test
    void keysForEncryptionDoNotCount() {
        String file = new JWKSet(
                        new RSAKey.Builder(Tokens.RSA).keyUse(KeyUse.ENCRYPTION).build())
                .toString(true);
        assertThat(refusal("RS256", file)).isEqualTo("it has no public key for RS256");
    }

    private static String refusal(String algorithms, String file) {
        try {
            TokenKeys.parse(config("keys", "keys", "algorithms", algorithms).algorithms(), file);
            return "none";
        } catch (BadFileException e) {
            return e.getMessage();
        }
    }

    @Test
    void saysWhatIsWrongWithAFileOfKeys() throws Exception {
        assertThat(refusal("RS256", "")).isEqualTo("it is neither PEM nor a JWK Set");
        assertThat(refusal("RS256", "{")).isEqualTo("it is no JWK Set");
        assertThat(refusal("RS256", "{\"keys\":[]}")).isEqualTo("it has no public key for RS256");
        assertThat(refusal("RS256", "{\"keys\":[{\"kty\":\"new\"}]}")).isEqualTo("it has no public key for RS256");
        assertThat(refusal("RS256", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"))
                .contains("secret");
        assertThat(refusal("RS256", new JWKSet(Tokens.RSA).toString(false))).contains("private");
        assertThat(refusal("RS256", new JWKSet(Tokens.EC_256).toString(true)))
                .isEqualTo("it has no public key for RS256");
        assertThat(refusal("ES384", Tokens.pem(Tokens.EC_256.toPublicKey())))
                .isEqualTo("it has no public key for ES384");
        assertThat(refusal(
                        "RS256",
                        Tokens.pem("PRIVATE KEY", Tokens.RSA.toPrivateKey().getEncoded())))
                .contains("PRIVATE KEY");
        assertThat(refusal("RS256", Tokens.pem("PUBLIC KEY", new byte[] {1, 2, 3})))
                .contains("cannot be read");
        assertThat(refusal("RS256", Tokens.pem("CERTIFICATE", new byte[] {1, 2, 3})))
                .contains("cannot be read");
        String good = Tokens.pem(Tokens.RSA.toPublicKey());
        for (String damaged : List.of(good.replace("\nMII", "\nM*I"), good.replace("-----END", "----END"))) {
            assertThat(refusal("RS256", good + damaged)).isEqualTo("only 1 of its 2 blocks can be read");
            assertThat(refusal("RS256", damaged + good)).isEqualTo("only 1 of its 2 blocks can be read");
        }
        var small = java.security.KeyPairGenerator.getInstance("RSA");
        small.initialize(1024);
        assertThat(refusal("RS256", Tokens.pem(small.generateKeyPair().getPublic())))
                .contains("less than 2048 bits");
        String many = Tokens.pem(Tokens.RSA.toPublicKey()).repeat(33);
        assertThat(refusal("RS256", many)).isEqualTo("it has more than 32 keys");
    }
}
