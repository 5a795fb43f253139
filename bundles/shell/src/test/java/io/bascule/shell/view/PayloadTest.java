/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PayloadTest {
    @Test
    void isTextWhereItIsUtf8() {
        Payload text = Payload.of("Größe\n".getBytes(StandardCharsets.UTF_8));

        assertThat(text.isText()).isTrue();
        assertThat(Text.of(text)).isEqualTo("Größe\\n");
        assertThat(text.key("payload")).isEqualTo("payload");
        assertThat(Json.line(text)).isEqualTo("\"Größe\\n\"");
    }

    @Test
    void isHexadecimalAndBase64Otherwise() {
        Payload binary = Payload.of(new byte[] {-1, 0, 1});

        assertThat(binary.isText()).isFalse();
        assertThat(Text.of(binary)).isEqualTo("(3 bytes) ff 00 01");
        assertThat(binary.key("payload")).isEqualTo("payloadBase64");
        assertThat(Json.line(binary)).isEqualTo("\"/wAB\"");
    }

    @Test
    void showsTheBeginningOfALongOneButTellsProgramsAllOfIt() {
        Payload text = Payload.of("x".repeat(3000).getBytes(StandardCharsets.UTF_8));
        byte[] bytes = new byte[100];
        bytes[0] = -1;

        assertThat(Text.of(text)).isEqualTo("x".repeat(2000) + "… (3000 bytes in all)");
        assertThat(Json.line(text)).hasSize(3002);
        assertThat(Text.of(Payload.of(bytes))).startsWith("(100 bytes) ff 00").endsWith("00 …");
    }

    @Test
    void fitsIntoACell() {
        byte[] text = "12345😀".getBytes(StandardCharsets.UTF_8);

        assertThat(Payload.ofCell(text, 7)).hasToString("12345😀");
        assertThat(Payload.ofCell(text, 6)).hasToString("12345…");
        assertThat(Payload.ofCell(text, 5)).hasToString("12345…");
        assertThat(Payload.ofCell(new byte[] {-1, -2, -3}, 6)).hasToString("ff fe …");
    }
}
