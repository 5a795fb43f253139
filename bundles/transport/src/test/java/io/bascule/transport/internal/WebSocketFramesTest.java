/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** What can only be told in a channel that does as the test says; what comes over sockets is in WebSocketFrameTest. */
class WebSocketFramesTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new WebSocketFrames(new WebSocketFraming()));

    private void ping() {
        channel.writeInbound(Unpooled.buffer().writeByte(0x89).writeByte(0x80).writeInt(7));
    }

    @Test
    void keepsNoAnswersForWhoPingsAndDoesNotRead() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        ping();
        assertThat(channel.outboundMessages()).isEmpty();

        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        ping();
        ByteBuf pong = channel.readOutbound();
        assertThat(pong.readUnsignedShort()).isEqualTo(0x8A00);
        pong.release();
        channel.finish();
    }
}
