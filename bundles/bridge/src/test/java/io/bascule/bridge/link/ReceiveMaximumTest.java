/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import org.junit.jupiter.api.Test;

/** How many messages the local session delivers at a time. */
class ReceiveMaximumTest extends LinkFixture {

    @Test
    void isTheLowerOfBoth() {
        connect(limited(2, 30, true));
        assertThat(broker.options.receiveMaximum()).isEqualTo(30);
    }

    /** The highest value of the protocol leaves it to the broker's limit for clients, which the file does not. */
    @Test
    void isNotLeftToTheBrokersLimitForClients() {
        file.put("receive.maximum", "65535");
        connect(limited(2, 65_535, true));

        assertThat(broker.options.receiveMaximum())
                .isEqualTo(Session.HIGHEST_PACKET_ID)
                .isNotEqualTo(SessionOptions.ANY_RECEIVE_MAXIMUM);
    }
}
