/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.LimitInfo;
import io.bascule.api.QueueLimits;
import io.bascule.broker.login.LoginPolicy;
import java.time.Duration;
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
            assertThat(broker.broker().queueLimits().bytes()).isEqualTo(3 << 20);
            assertThat(broker.broker().queueLimits().messages()).isEqualTo(100_000);
        }
    }

    @Test
    void makesNoPublisherWaitForAnySession() {
        BrokerConfig config = BrokerConfig.read(Map.of("queue.policy", "block"));

        assertThat(config.session().queue().overflow()).isEqualTo(QueueLimits.Overflow.DROP_NEWEST);
        assertThat(config.errors()).singleElement().asString().contains("allowed is drop-newest, drop-oldest");
    }

    @Test
    void holdsNoAnswerBackForLongerThanAClientMayTake() {
        assertThat(BrokerConfig.read(Map.of()).login()).isEqualTo(LoginPolicy.DEFAULT);
        assertThat(hold("1s")).isEqualTo(Duration.ofMillis(800));
        assertThat(hold("1h")).isEqualTo(Duration.ofSeconds(30));
    }

    private static Duration hold(String connectTimeout) {
        return BrokerConfig.read(Map.of("connect.timeout", connectTimeout))
                .login()
                .longestHold();
    }

    @Test
    void bansWithinBounds() {
        Map<String, Object> file = Map.of("login.failures", 1000, "login.failures.address", 1, "login.ban", "0s");
        BrokerConfig config = BrokerConfig.read(file);
        assertThat(config.errors()).isEmpty();
        assertThat(config.login()).isEqualTo(new LoginPolicy(1000, 1, Duration.ZERO, Duration.ofSeconds(8)));
        assertThat(BrokerConfig.read(Map.of("login.failures", 1001, "login.failures.address", 0, "login.ban", "25h"))
                        .errors())
                .hasSize(3);
    }
}
