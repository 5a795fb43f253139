/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import io.bascule.security.file.BadFileException;
import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;

/** The keys by which tokens may have been signed, each for algorithms of its kind alone. Immutable. */
final class TokenKeys {
    /** A token without a key id is tried with every key that may have signed it. */
    private static final int MOST_KEYS = 32;

    private static final int LEAST_RSA_BITS = 2048;

    private final Set<JWSAlgorithm> algorithms;
    private final List<Candidate> candidates;

    /**
     * One key.
     *
     * @param anyId whether a token may name it as it likes
     * @param id by which a token has to name it otherwise, where it names one
     * @param only the one algorithm that it is for, where it says so
     */
    private record Candidate(Key key, boolean anyId, Optional<String> id, Optional<JWSAlgorithm> only) {
        boolean mayHaveSigned(JWSHeader header) {
            String named = header.getKeyID();
            return isFor(header.getAlgorithm())
                    && (named == null || anyId || id.filter(named::equals).isPresent());
        }

        boolean isFor(JWSAlgorithm algorithm) {
            return fits(key, algorithm) && only.map(algorithm::equals).orElse(true);
        }
    }

    private TokenKeys(Set<JWSAlgorithm> algorithms, List<Candidate> candidates) {
        this.algorithms = algorithms;
        this.candidates = List.copyOf(candidates);
    }

    /** A secret for HMAC. */
    static TokenKeys ofSecret(Set<JWSAlgorithm> algorithms, byte[] secret) {
        return new TokenKeys(
                algorithms,
                List.of(new Candidate(new SecretKeySpec(secret, "HMAC"), true, Optional.empty(), Optional.empty())));
    }

    /** Public keys, as PEM or as a JWK Set (RFC 7517). */
    static TokenKeys parse(Set<JWSAlgorithm> algorithms, String text) throws BadFileException {
        List<Candidate> all = text.stripLeading().startsWith("{") ? ofSet(text) : ofPem(text);
        if (all.size() > MOST_KEYS) {
            throw new BadFileException("it has more than " + MOST_KEYS + " keys");
        }
        for (Candidate each : all) {
            if (each.key() instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
                throw new BadFileException("a key of RSA has less than " + LEAST_RSA_BITS + " bits");
            }
        }
        List<Candidate> useful = all.stream()
                .filter(each -> algorithms.stream().anyMatch(each::isFor))
                .toList();
        if (useful.isEmpty()) {
            throw new BadFileException("it has no public key for " + JwtConfig.names(algorithms));
        }
        return new TokenKeys(algorithms, useful);
    }

    private static List<Candidate> ofPem(String text) throws BadFileException {
        List<Candidate> all = new ArrayList<>();
        for (Key key : PemKeys.parse(text)) {
            all.add(new Candidate(key, true, Optional.empty(), Optional.empty()));
        }
        return all;
    }

    private static List<Candidate> ofSet(String text) throws BadFileException {
        List<JWK> keys;
        try {
            keys = JWKSet.parse(text).getKeys(); // those of a type that it does not know are left out
        } catch (ParseException e) {
            throw new BadFileException("it is no JWK Set");
        }
        List<Candidate> all = new ArrayList<>();
        for (JWK key : keys) {
            if (key instanceof OctetSequenceKey || key.isPrivate()) {
                throw new BadFileException("it has a secret or private key in it, where public ones are enough");
            }
            if (verifies(key) && key instanceof AsymmetricJWK asymmetric) {
                all.add(candidate(key, asymmetric));
            }
        }
        return all;
    }

    private static boolean verifies(JWK key) {
        boolean signature = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
        boolean verify =
                key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY);
        return (key instanceof RSAKey || key instanceof ECKey) && signature && verify;
    }

    private static Candidate candidate(JWK key, AsymmetricJWK asymmetric) throws BadFileException {
        try {
            Optional<JWSAlgorithm> only =
                    Optional.ofNullable(key.getAlgorithm()).map(algorithm -> JWSAlgorithm.parse(algorithm.getName()));
            return new Candidate(asymmetric.toPublicKey(), false, Optional.ofNullable(key.getKeyID()), only);
        } catch (JOSEException e) {
            throw new BadFileException("it has a key that cannot be read");
        }
    }

    /** Whether a key is of the kind that an algorithm takes: a public key is never a secret. */
    private static boolean fits(Key key, JWSAlgorithm algorithm) {
        if (key instanceof RSAPublicKey) {
            return JWSAlgorithm.Family.RSA.contains(algorithm);
        }
        if (key instanceof ECPublicKey ec) {
            return JWSAlgorithm.Family.EC.contains(algorithm)
                    && Curve.forJWSAlgorithm(algorithm).contains(Curve.forECParameterSpec(ec.getParams()));
        }
        return key instanceof SecretKeySpec && JWSAlgorithm.Family.HMAC_SHA.contains(algorithm);
    }

    /** Those that may have signed a token with this header; none where its algorithm is not allowed. */
    List<Key> mayHaveSigned(JWSHeader header) {
        return algorithms.contains(header.getAlgorithm())
                ? candidates.stream()
                        .filter(each -> each.mayHaveSigned(header))
                        .map(Candidate::key)
                        .toList()
                : List.of();
    }

    int size() {
        return candidates.size();
    }
}
