/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bascule.log.SparingLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/** An HTTP request, and what comes behind it, behind a byte that says whose pages are allowed and in what pieces it comes. */
class WebSocketHandshakeFuzzTest {
    private static final SparingLog LOG =
            new SparingLog(LoggerFactory.getLogger(WebSocketHandshakeFuzzTest.class), "fuzz");
    private static final String PATH = "/mqtt";
    private static final String LISTED = "https://example.org";
    private static final Pattern ORIGIN = Pattern.compile("(?m)^origin[ \\t]*:");
    private static final String OPENED =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: [A-Za-z0-9+/]{27}=\r\nSec-WebSocket-Protocol: mqtt(v3\\.1)?\r\n\r\n";
    private static final String REFUSED = "HTTP/1\\.1 4\\d\\d [A-Za-z -]+\r\n"
            + "(Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n)?Connection: close(, Upgrade)?\r\n"
            + "Content-Type: text/plain\r\nContent-Length: \\d+\r\n\r\n[^\r\n]+\n";
    /** The longest line and the largest headers, and what grows to hold them. */
    private static final int MOST_HELD = 64 * 1024;

    @FuzzTest
    void answersTheSameInWhateverPiecesItComes(byte[] input) {
        if (input.length < 2) {
            return;
        }
        Server whole = new Server(input[0]);
        whole.read(input, input.length);
        Server inPieces = new Server(input[0]);
        inPieces.read(input, 1 + (input[0] >> 2 & 63));

        assertThat(inPieces.rest()).isEqualTo(whole.rest());
        String request = new String(input, 1, input.length - 1, ISO_8859_1);
        if (whole.isOpen()) {
            String headers = request.split("\\r?\\n\\r?\\n", 2)[0].toLowerCase(Locale.ROOT);
            assertThat(whole.answer).matches(OPENED);
            assertThat(headers)
                    .contains(PATH, "http/1.1", "host", "upgrade", "connection", "sec-websocket-key", "mqtt");
            if (whole.asksForListed && ORIGIN.matcher(headers).find()) {
                assertThat(headers).contains(LISTED);
            }
        } else if (!whole.answer.isEmpty()) {
            assertThat(whole.answer).matches(REFUSED);
            assertThat(whole.ended).isTrue();
            assertThat(whole.passedOn).isZero();
        }
    }

    /** What is at the other end of a connection. */
    private static final class Server extends ChannelInboundHandlerAdapter {
        private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        private final WebSocketEndpoint endpoint;
        private final boolean asksForListed;
        private final StringBuilder written = new StringBuilder();
        private String answer = "";
        private boolean ended;
        private int passedOn;

        Server(byte first) {
            asksForListed = (first & 1) != 0;
            Origins origins = new Origins(asksForListed ? List.of(LISTED) : List.of(), (first & 2) != 0);
            endpoint = new WebSocketEndpoint(PATH, origins);
        }

        boolean isOpen() {
            return answer.startsWith("HTTP/1.1 101 ");
        }

        /** Its answer without the first line: what is wrong first with a line that is too long depends on how much of it is there. */
        String rest() {
            return answer.replaceFirst("^[^\r\n]+", "");
        }

        void read(byte[] input, int piece) {
            EmbeddedChannel channel = new EmbeddedChannel();
            channel.config().setAllocator(allocator);
            endpoint.addTo(channel.pipeline(), LOG, new InetSocketAddress(0));
            channel.pipeline().addLast(this);
            for (int at = 1; at < input.length && !ended; at += piece) {
                channel.writeInbound(Unpooled.copiedBuffer(input, at, Math.min(piece, input.length - at)));
                channel.flush();
                takeAnswer(channel);
                assertThat(allocator.metric().usedHeapMemory()
                                + allocator.metric().usedDirectMemory())
                        .isLessThanOrEqualTo(MOST_HELD);
            }
            channel.finishAndReleaseAll();
            assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                    .isZero();
        }

        /** The first that is written; frames follow it. */
        private void takeAnswer(EmbeddedChannel channel) {
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                written.append(out.toString(ISO_8859_1));
                out.release();
                if (answer.isEmpty()) {
                    answer = written.toString();
                }
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object received) {
            ByteBuf in = (ByteBuf) received;
            passedOn += in.readableBytes();
            in.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            assertThat(cause).isInstanceOf(MqttFormatException.class);
            ended = true;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ended |= event instanceof InputEnded;
        }
    }
}
