/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.bascule.transport.internal.NettyTransport;
import io.bascule.transport.internal.Transports;
import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which sockets the framework property {@code bascule.transport} chooses, where all of them load. */
class TransportPropertyTest {

    @BeforeEach
    void needsEpoll() {
        assumeThat(Epoll.isAvailable()).isTrue();
    }

    private static void chooses(String kind, String property, int warnings) {
        try (Logged log = new Logged()) {
            NettyTransport transport = Transports.named(property);
            transport.stop();
            assertThat(transport.info().kind()).isEqualTo(kind);
            assertThat(log.lines("bascule.transport: "))
                    .hasSize(warnings)
                    .allSatisfy(line -> assertThat(line).contains("\"" + property + "\"", kind + " is used"));
        }
    }

    @Test
    void choosesWhatIsAskedFor() {
        chooses("epoll", "epoll", 0);
        chooses("nio", "nio", 0);
    }

    @Test
    void choosesTheBestWhereNothingIsAskedFor() {
        chooses("epoll", null, 0);
        chooses("epoll", "", 0);
    }

    @Test
    void saysWhatServesInPlaceOfWhatThereIsNot() {
        chooses("epoll", "io_uring", 1);
        chooses("epoll", "NIO", 1);
    }
}
