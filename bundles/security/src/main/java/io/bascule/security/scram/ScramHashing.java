/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bascule.security.users.Hashing;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;

/**
 * What a SCRAM file makes of names and passwords.
 *
 * @param iterations of new hashes
 */
record ScramHashing(int iterations) implements Hashing {

    @Override
    public String userName(String written) {
        return Prepared.of("user name", written);
    }

    @Override
    public String hash(byte[] password) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(password)).toString();
            return ScramSecret.of(Prepared.of("password", text), iterations).written();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a password of a SCRAM file is text in UTF-8", e);
        }
    }

    @Override
    public void complete(List<String> lines) {
        ScramFile.addDecoyKey(lines);
    }
}
