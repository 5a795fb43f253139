/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.BridgeStatus;
import io.bascule.api.BridgeStatus.State;
import io.bascule.api.Broker;
import io.bascule.api.QueueInfo;
import io.bascule.mqtt.Message;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.EventLoop;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StatusTopicsTest {
    private final List<Message> published = new ArrayList<>();
    private final ResourceScope scope = new ResourceScope("test");
    private Runnable timer = () -> {};
    private BridgeStatus status = status(State.CONNECTING, 0);
    private final StatusTopics topics = topics("emqx");

    @Test
    void tellsHowABridgeStandsAsOneObject() {
        topics.start();
        assertThat(topic(0)).isEqualTo("$SYS/broker/bridge/emqx");
        assertThat(published.get(0).retain()).isTrue();
        assertThat(published.get(0).text())
                .isEqualTo("{\"name\":\"emqx\",\"state\":\"CONNECTING\",\"since\":\"1970-01-01T00:00:00Z\","
                        + "\"paused\":[\"subscribe\"],"
                        + "\"server\":\"mqtt://far:1883\",\"remoteAddress\":\"10.0.0.2:1883\",\"clientId\":\"gateway-7\","
                        + "\"protocol\":\"5.0\",\"lastError\":\"a \\\"word\\\"\\u000a\",\"configurationError\":null,\"warnings\":[],"
                        + "\"roundTripMicros\":1500,\"queued\":4,\"queuedBytes\":2048,\"oldest\":7,\"inFlight\":1,"
                        + "\"dropped\":0,\"withheld\":3,\"routes\":[{\"name\":\"up\",\"direction\":\"forward\",\"received\":0,"
                        + "\"forwarded\":0,\"dropped\":{\"full\":2}}]}");
        assertThat(topic(1)).isEqualTo("$SYS/broker/connection/emqx/state");
        assertThat(published.get(1).text()).isEqualTo("0");
    }

    @Test
    void tellsAChangeOfStateAtOnceAndFiguresNowAndThen() {
        topics.start();
        published.clear();
        status = status(State.CONNECTED, 1);
        timer.run();
        assertThat(published).extracting(Message::text).element(1).isEqualTo("1");

        published.clear();
        for (int i = 2; i <= 9; i++) {
            status = status(State.CONNECTED, i);
            timer.run();
        }
        assertThat(published).isEmpty();
        timer.run();
        assertThat(published)
                .extracting(Message::text)
                .singleElement()
                .asString()
                .contains("\"received\":9");
        for (int i = 0; i < 20; i++) {
            timer.run();
        }
        assertThat(published).hasSize(1); // nothing has changed
    }

    @Test
    void endsWithWhatIsTrueThen() {
        topics.start();
        published.clear();
        scope.close();
        status = status(State.STOPPED, 0);
        topics.end();
        assertThat(published).extracting(Message::text).first().asString().contains("\"state\":\"STOPPED\"");
        timer.run();
        assertThat(published).hasSize(1);
        assertThat(scope.live()).isZero();
    }

    @Test
    void leavesNothingOfADeletedBridge() {
        topics.start();
        published.clear();
        topics.clear();
        timer.run();
        assertThat(published).hasSize(2).allSatisfy(message -> {
            assertThat(message.payload()).isEmpty();
            assertThat(message.retain()).isTrue();
        });
    }

    @Test
    void makesALevelOfAnyName() {
        topics("a/b+#\0").start();
        assertThat(topic(0)).isEqualTo("$SYS/broker/bridge/a_b___");
    }

    private String topic(int index) {
        return published.get(index).topic().toString();
    }

    private StatusTopics topics(String name) {
        Broker broker = stub(Broker.class, arguments -> {
            published.add((Message) arguments[0]);
            return new CompletableFuture<>();
        });
        EventLoop eventLoop = stub(EventLoop.class, arguments -> {
            if (arguments.length == 1) {
                ((Runnable) arguments[0]).run();
                return null;
            }
            Lease lease = ((ResourceScope) arguments[0]).hold(ResourceKind.TASK, () -> {});
            timer = () -> {
                lease.ended();
                ((Runnable) arguments[2]).run();
            };
            return lease;
        });
        return new StatusTopics(name, () -> status, broker, eventLoop, scope);
    }

    private static BridgeStatus status(State state, long received) {
        return new BridgeStatus(
                "emqx",
                state,
                Instant.EPOCH,
                Set.of(Direction.SUBSCRIBE),
                "mqtt://far:1883",
                Optional.of("10.0.0.2:1883"),
                Optional.of(Duration.ofNanos(1_500_000)),
                "gateway-7",
                "5.0",
                Optional.of("a \"word\"\n"),
                Optional.empty(),
                List.of(),
                new QueueInfo(4, 2048, Optional.of(Duration.ofSeconds(7)), 1, 0, 3),
                List.of(new BridgeStatus.Route("up", "forward", "up/#", received, 0, Map.of("full", 2L))));
    }

    private interface Answer {
        Object to(Object[] arguments);
    }

    private static <T> T stub(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer.to(arguments)));
    }
}
