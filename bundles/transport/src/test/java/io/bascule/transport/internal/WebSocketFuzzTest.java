/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Frames of a client behind a byte that says in what pieces they come. */
class WebSocketFuzzTest {

    @FuzzTest
    void readsTheSameInWhateverPiecesItComes(byte[] input) {
        if (input.length < 2) {
            return;
        }
        byte[] whole = unmasked(input, input.length);
        byte[] inPieces = unmasked(input, 1 + (input[0] & 7));
        // What comes behind what is refused does not count, and a piece in front of it may have been passed on.
        int common = Math.min(whole.length, inPieces.length);
        assertThat(Arrays.copyOf(inPieces, common)).isEqualTo(Arrays.copyOf(whole, common));
        assertThat(inPieces.length).isLessThan(input.length);
    }

    private static byte[] unmasked(byte[] input, int piece) {
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocketFrames(new WebSocketFraming()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (int at = 1; at < input.length && channel.isOpen(); at += piece) {
                channel.writeInbound(Unpooled.copiedBuffer(input, at, Math.min(piece, input.length - at)));
            }
        } catch (MqttFormatException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        try {
            for (ByteBuf buffer = channel.readInbound(); buffer != null; buffer = channel.readInbound()) {
                buffer.readBytes(out, buffer.readableBytes()).release();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        channel.finishAndReleaseAll();
        return out.toByteArray();
    }
}
