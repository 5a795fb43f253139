/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import io.bascule.security.file.BadFileException;
import io.bascule.security.file.FileFormat;
import java.util.Set;

/** A file of public keys, for some algorithms. */
final class TokenKeysFormat implements FileFormat<TokenKeys> {
    private final Set<JWSAlgorithm> algorithms;

    TokenKeysFormat(Set<JWSAlgorithm> algorithms) {
        this.algorithms = algorithms;
    }

    @Override
    public String kind() {
        return JwtComponent.KIND;
    }

    @Override
    public boolean secret() {
        return false;
    }

    @Override
    public TokenKeys parse(String text) throws BadFileException {
        return TokenKeys.parse(algorithms, text);
    }

    @Override
    public String describe(TokenKeys keys) {
        return keys.size() + (keys.size() == 1 ? " key" : " keys");
    }
}
