/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

public class CutsTest {
    private static int missing(int... bytes) {
        return Cuts.missing(Bytes.of(bytes).toArray(), 1000);
    }

    @Test
    public void countsWhatIsMissingOfTheLastPacket() {
        assertThat(missing(0xD0, 0)).isZero();
        assertThat(missing(0xD0, 0, 0x40, 2, 0, 1)).isZero();
        assertThat(missing(0x40, 2, 0)).isEqualTo(1);
        assertThat(missing(0xD0, 0, 0x40)).isEqualTo(1);
        assertThat(missing(0x30, 0x80 + 10)).isEqualTo(1 + 10);
        assertThat(missing(0x30, 0x80, 1, 0)).isEqualTo(127);
    }

    @Test
    public void tellsWhatIsNeverWhole() {
        assertThat(missing(0x30, 0x80, 0x80, 0x80, 0x80, 1)).isEqualTo(Cuts.NEVER);
        assertThat(missing(0x30, 0xFF, 0x7F)).isEqualTo(Cuts.NEVER);
    }
}
