/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LimitInfo;
import io.bascule.api.QueueLimits;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BrokerConfigTest {
    @Test
    void limitsStandAsInTheFile() {
        Map<String, Object> file =
                Map.of("queue.bytes", "3MiB", "connect.timeout", "1500ms", "retain.available", "false");
        try (TestBroker broker = new TestBroker(file, Map.of())) {
            Map<String, String> limits =
                    broker.broker().limits().stream().collect(Collectors.toMap(LimitInfo::name, LimitInfo::value));

            assertThat(limits)
                    .containsAllEntriesOf(
                            Map.of("queue.bytes", "3MiB", "connect.timeout", "1500ms", "retain.available", "false"));
            assertThat(limits).containsEntry("retained.bytes", "256MiB");
        }
    }

    @Test
    void makesNoPublisherWaitForAnySession() {
        BrokerConfig config = BrokerConfig.read(Map.of("queue.policy", "block"));

        assertThat(config.session().queue().overflow()).isEqualTo(QueueLimits.Overflow.DROP_NEWEST);
        assertThat(config.errors()).singleElement().asString().contains("allowed is drop-newest, drop-oldest");
    }
}
