/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WayReaderTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.255, 10.0.0.255",
        "199.200.249.9, 199.200.249.9",
        "::1, 0:0:0:0:0:0:0:1",
        "fe80::1, fe80:0:0:0:0:0:0:1"
    })
    void takesAnAddress(String text, String address) {
        assertThat(WayReader.address(text).getHostAddress()).isEqualTo(address);
    }

    /** There would be a cause where somebody had been asked for it. */
    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.256", "300.0.0.1", "1.2.3", "localhost", ".:1", "..:"})
    void looksNoNameUp(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WayReader.address(text))
                .withNoCause();
    }
}
