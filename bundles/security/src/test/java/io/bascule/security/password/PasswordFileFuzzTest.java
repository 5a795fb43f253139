/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bascule.security.file.BadFileException;

/** A password file. */
class PasswordFileFuzzTest {

    @FuzzTest
    void readsOrSaysWhatIsWrong(byte[] input) {
        try {
            PasswordFile file = PasswordFile.FORMAT.parse(new String(input, UTF_8));
            assertThat(file.userNames())
                    .allSatisfy(user -> assertThat(file.hashOf(user)).isPresent());
            assertThat(file.decoyFor("nobody")).isNotNull();
        } catch (BadFileException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
