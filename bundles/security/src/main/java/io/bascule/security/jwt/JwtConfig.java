/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import io.bascule.config.ConfigReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which tokens count, and who somebody is by them.
 *
 * @param secret by which they are signed; empty where a file has the keys
 * @param algorithms by which they may be signed: of a secret, or of public keys, never of both
 * @param issuer that they must name
 * @param audience that they must name, among others perhaps
 * @param leeway by which clocks may differ
 * @param userClaim whose value is the user name
 * @param groupsClaim whose values are groups
 * @param userMatch whether CONNECT must have the same user name
 * @param clientClaim whose value must be the client id
 */
record JwtConfig(
        Optional<byte[]> secret,
        Set<JWSAlgorithm> algorithms,
        Optional<String> issuer,
        Optional<String> audience,
        Duration leeway,
        String userClaim,
        Optional<String> groupsClaim,
        boolean userMatch,
        Optional<String> clientClaim) {
    private static final Set<JWSAlgorithm> OF_A_SECRET =
            ordered(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512);
    private static final Set<JWSAlgorithm> OF_KEYS = ordered(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /** Reads all but {@code keys}, the file; errors are the reader's. */
    static JwtConfig read(ConfigReader reader) {
        boolean hasSecret = reader.has("secret");
        if (hasSecret == reader.has("keys")) {
            reader.error(
                    "keys",
                    hasSecret
                            ? "is not for one that has a secret"
                            : "is missing; allowed is the path of a file, or secret");
        }
        Set<JWSAlgorithm> algorithms = algorithms(
                reader,
                hasSecret ? OF_A_SECRET : OF_KEYS,
                hasSecret ? ordered(JWSAlgorithm.HS256) : ordered(JWSAlgorithm.RS256, JWSAlgorithm.ES256));
        return new JwtConfig(
                hasSecret ? secret(reader, algorithms) : Optional.empty(),
                algorithms,
                reader.text("issuer"),
                reader.text("audience"),
                reader.duration("leeway", Duration.ofSeconds(30), Duration.ZERO, Duration.ofMinutes(5)),
                reader.text("user.claim", "sub"),
                reader.text("groups.claim"),
                reader.flag("user.match", false),
                reader.text("client.claim"));
    }

    private static Set<JWSAlgorithm> ordered(JWSAlgorithm... algorithms) {
        return Stream.of(algorithms).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<JWSAlgorithm> algorithms(
            ConfigReader reader, Set<JWSAlgorithm> possible, Set<JWSAlgorithm> otherwise) {
        Map<String, JWSAlgorithm> byName = new TreeMap<>();
        possible.forEach(algorithm -> byName.put(algorithm.getName(), algorithm));
        return reader.value(
                "algorithms",
                otherwise,
                possible.stream().map(JWSAlgorithm::getName).collect(Collectors.joining(", ")),
                text -> {
                    Set<JWSAlgorithm> named = new LinkedHashSet<>();
                    for (String name : text.split(",", -1)) {
                        JWSAlgorithm algorithm = byName.get(name.strip());
                        if (algorithm == null) {
                            throw new IllegalArgumentException("\"" + name.strip() + "\" is none of them");
                        }
                        named.add(algorithm);
                    }
                    return named;
                });
    }

    /** Of a shorter one than the hash it would be easier to guess than to break the hash (RFC 7518, section 3.2). */
    private static Optional<byte[]> secret(ConfigReader reader, Set<JWSAlgorithm> algorithms) {
        int least = algorithms.stream().mapToInt(JwtConfig::hashBytes).max().orElseThrow();
        return reader.value("secret", Optional.empty(), least + " bytes or more", text -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (bytes.length < least) {
                throw new IllegalArgumentException("is shorter than the hash of its algorithm");
            }
            return Optional.of(bytes);
        });
    }

    private static int hashBytes(JWSAlgorithm algorithm) {
        return Integer.parseInt(algorithm.getName().substring(2)) / Byte.SIZE;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "tokens signed by " + names(algorithms);
    }

    static String names(Set<JWSAlgorithm> algorithms) {
        return algorithms.stream().map(JWSAlgorithm::getName).collect(Collectors.joining(", "));
    }
}
