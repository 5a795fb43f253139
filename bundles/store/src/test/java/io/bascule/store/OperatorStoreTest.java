/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.StoreFigures;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.spi.MessageStore.Receiver;
import io.bascule.spi.SessionStore;
import io.bascule.spi.SessionTerms;
import io.bascule.store.log.Eventually;
import io.bascule.store.log.SimulatedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators are told of a store. */
@Timeout(60)
class OperatorStoreTest {
    private static final StoreConfig CONFIG = StoreConfig.read(Map.of("durability", "flush"), Path.of("/data"));

    private final SimulatedFolder folder = new SimulatedFolder(new SplittableRandom(1));
    private final OperatorStore operators = new OperatorStore(CONFIG, null);
    private LogMessageStore store;

    @BeforeEach
    void open() throws IOException {
        store = LogMessageStore.open(folder, CONFIG.settings());
        store.restore(new Restored());
    }

    @AfterEach
    void close() throws IOException {
        folder.refuseToForce(false);
        store.close();
    }

    @Test
    void saysWhyItIsNotOpen() {
        assertThat(operators.status().folder()).isEqualTo("/data/store");
        assertThat(operators.status().durability()).isEqualTo("flush");
        assertThat(operators.status().whyNotOpen()).contains("no broker has asked for it yet");
        operators.refused("No space left on device");
        assertThat(operators.status().whyNotOpen()).contains("No space left on device");

        operators.opened(store);
        assertThat(operators.status().whyNotOpen()).isEmpty();
        assertThat(operators.status().figures()).isPresent();

        operators.closed(store);
        assertThat(operators.status().whyNotOpen()).contains("its broker has let it go");
        assertThat(operators.status().figures()).isEmpty();
    }

    @Test
    void countsWhatIsThere() {
        SessionStore session = store.session("a");
        session.connected(new SessionTerms(100, Optional.empty(), Optional.empty(), Overlap.ONE_COPY));
        Receiver receiver = new Receiver(session, 0, QoS.AT_LEAST_ONCE, false, new int[0]);
        Message message = Message.of("t", "x").withQos(QoS.AT_LEAST_ONCE).withRetain(true);
        store.append(message, true, List.of(receiver), Optional.empty());
        store.append(message, false, List.of(receiver), Optional.empty());
        Eventually.is(() -> store.figures().durable() == 4 && store.figures().pendingBytes() == 0);

        StoreFigures figures = store.figures();
        assertThat(figures.sessions()).isOne();
        assertThat(figures.retained()).isOne();
        assertThat(figures.queued()).isEqualTo(2);
        assertThat(figures.appended()).isEqualTo(4);
        assertThat(figures.segments()).isOne();
        assertThat(figures.bytes()).isGreaterThan(figures.liveBytes());
        assertThat(figures.oldest().orElseThrow()).isLessThan(Duration.ofMinutes(1));
        assertThat(figures.commits().count()).isPositive();
        assertThat(figures.commits().longest())
                .isGreaterThanOrEqualTo(figures.commits().median())
                .isPositive();
        assertThat(figures.failure()).isEmpty();
        assertThat(figures.damaged()).isEmpty();
        assertThat(store.bytesOnDisk()).isEqualTo(figures.bytes());
    }

    @Test
    void saysWhatTheDiskSays() throws IOException {
        store.close();
        store = LogMessageStore.open(
                folder, StoreConfig.read(Map.of(), Path.of("/data")).settings());
        folder.refuseToForce(true);
        store.session("a").connected(new SessionTerms(100, Optional.empty(), Optional.empty(), Overlap.ONE_COPY));
        Eventually.is(() -> store.figures().failure().isPresent());

        assertThat(store.figures().pendingBytes()).isPositive();
        assertThat(store.figures().durable()).isLessThan(store.figures().appended());
    }
}
