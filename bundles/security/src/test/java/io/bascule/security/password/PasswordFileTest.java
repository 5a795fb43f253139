/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.itests.statements.Cve;
import io.bascule.security.file.BadFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordFileTest {
    private static final String HASH =
            "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHR4eA$s0rdHY7kEyDqg5FRAUWeFwg4U0VBNL3Kxom1cs6fc6A";

    private static PasswordFile parse(String text) throws BadFileException {
        return PasswordFile.FORMAT.parse(text);
    }

    @Test
    void readsUsersAmongCommentsAndEmptyLines() throws BadFileException {
        PasswordFile file = parse("# plant 7\r\n\r\n alice :" + HASH + " \r\n#bob:" + HASH + "\nö a:" + HASH);

        assertThat(file.userNames()).containsExactly("alice", "ö a");
        assertThat(file.hashOf("alice")).isPresent();
        assertThat(file.hashOf("bob")).isEmpty();
        assertThat(file).hasToString("2 users");
        assertThat(parse("").userNames()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bob, line 2: it has no user before a colon",
        ":HASH, line 2: it has no user before a colon",
        "bob:secret, 'line 2: its hash begins neither with $argon2id$ nor with $7$ or $6$, as mosquitto_passwd writes it'",
        "alice:HASH, line 2: its user has a line already",
    })
    @Cve("CVE-2018-12551")
    void saysWhichLineIsWrong(String line, String message) {
        assertThatThrownBy(() -> parse("alice:" + HASH + "\n" + line.replace("HASH", HASH) + "\ncarol:" + HASH))
                .isInstanceOf(BadFileException.class)
                .hasMessage(message);
    }

    @Test
    void hasADecoyForEveryoneElse() throws BadFileException {
        PasswordFile file = parse("alice:" + HASH + "\nbob:" + HASH.replace("m=8", "m=16") + "\n");

        assertThat(file.decoyFor("eve")).isSameAs(file.decoyFor("eve")).isIn(hash(file, "alice"), hash(file, "bob"));
        assertThat(parse("").decoyFor("eve")).hasToString("Argon2id m=19456 t=2 p=1");
    }

    private static PasswordHash hash(PasswordFile file, String user) {
        return file.hashOf(user).orElseThrow();
    }
}
