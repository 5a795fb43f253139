/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LanesTest {
    private final Lane first = new Lane(null, 10, new Pulse(() -> 0));
    private final Lanes lanes = new Lanes(List.of(first), null, () -> {});

    private static final class Counting implements Lane.Leaving {
        private final int packetId;
        private int looks;

        Counting(int packetId) {
            this.packetId = packetId;
        }

        @Override
        public int packetId() {
            looks++;
            return packetId;
        }

        @Override
        public int bytes() {
            return 1;
        }

        @Override
        public void send() {
            throw new AssertionError();
        }

        @Override
        public void lost() {
            throw new AssertionError();
        }
    }

    @Test
    void forgetsWhatWaits() {
        lanes.await(first, new Counting(5));

        lanes.forget(5);

        assertThat(lanes.isAwaited()).isFalse();
    }

    /** Of thousands that wait, at each acknowledgement. */
    @Test
    void doesNotLookForWhatIsOnItsWay() {
        Counting waiting = new Counting(5);
        lanes.await(first, waiting);
        first.sent(4);

        lanes.forget(4);

        assertThat(waiting.looks).isZero();
    }
}
