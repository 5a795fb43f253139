/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import io.bascule.security.users.Hashing;

/** What a password file makes of names, which stay as they are, and of new passwords. */
final class PasswordHashing implements Hashing {
    @Override
    public String userName(String written) {
        return written;
    }

    @Override
    public String hash(byte[] password) {
        return Argon2idHash.of(password);
    }
}
