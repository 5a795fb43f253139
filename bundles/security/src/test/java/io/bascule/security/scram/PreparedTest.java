/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ongres.saslprep.SASLprep;
import com.ongres.stringprep.Profile;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreparedTest {
    private static final Profile OTHER = new SASLprep();

    private static Optional<String> ours(String text) {
        try {
            return Optional.of(Prepared.of("text", text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What another library makes of it; it fails in some way where nothing is left. */
    private static Optional<String> theirs(String text) {
        try {
            return Optional.of(OTHER.prepareStored(text)).filter(prepared -> !prepared.isEmpty());
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Whether all of it is of Unicode 3.2: the other library refuses what is not. */
    private static boolean isOld(String text) {
        try {
            OTHER.prepareStored(text);
            return true;
        } catch (RuntimeException e) {
            return !String.valueOf(e.getMessage()).startsWith("Unassigned code point");
        }
    }

    private static void compare(String text) {
        if (isOld(text) && !ours(text).equals(theirs(text))) { // for some a million texts
            assertThat(ours(text))
                    .as(text.codePoints().boxed().toList().toString())
                    .isEqualTo(theirs(text));
        }
    }

    /** RFC 4013, section 3. */
    @ParameterizedTest
    @CsvSource({"I\u00adX, IX", "user, user", "USER, USER", "\u00aa, a", "\u2168, IX", "a\u00a0b, a b"})
    void goesThroughTheExamplesOfTheRfc(String text, String prepared) {
        assertThat(Prepared.of("text", text)).isEqualTo(prepared);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0007", "\u0627\u0031", "", "\u00ad", "a\u0627", "\u0627a\u0627", "\ue000", "\ufdd0"})
    void refusesWhatMayNotBeThere(String text) {
        assertThatThrownBy(() -> Prepared.of("password", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the password has characters that SASLprep does not allow, or none");
    }

    @Test
    void makesOfEachCharacterWhatAnotherLibraryMakesOfIt() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c == 0x200B) {
                continue; // both a space and nothing (RFC 3454, tables C.1.2 and B.1): a space for PostgreSQL and us,
                // nothing for the other
            }
            compare(Character.toString(c));
            compare("a" + Character.toString(c) + "b");
        }
    }

    @Test
    void makesOfTextsWhatAnotherLibraryMakesOfThem() {
        Random random = new Random(7);
        int[] some = {'a', '1', ' ', '-', 0xA0, 0xAD, 0xE9, 0x301, 0x5D0, 0x627, 0x661, 0x2003, 0x2168, 0xFB01, 0xFDFA};
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(5); length >= 0; length--) {
                text.appendCodePoint(some[random.nextInt(some.length)]);
            }
            compare(text.toString());
        }
    }
}
