/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.bascule.api.Session;
import io.bascule.api.Subscription;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventSessionTest {
    private static final int KIB = 1024;

    private final FakeBroker broker = new FakeBroker();
    private final Sink sink = new Sink();
    private EventRoutes config;

    /** An event service that takes everything, and is through with it when the test says so. */
    private static final class Sink implements EventSink {
        final List<String> topics = new ArrayList<>();
        final List<Map<String, Object>> events = new ArrayList<>();
        final List<Runnable> underway = new ArrayList<>();
        final List<String> warnings = new ArrayList<>();
        boolean refuses;

        @Override
        public void deliver(String topic, Map<String, Object> event, Runnable delivered) {
            if (refuses) {
                throw new IllegalStateException("stopped");
            }
            topics.add(topic);
            events.add(event);
            underway.add(delivered);
        }

        @Override
        public void warn(String sentence) {
            warnings.add(sentence);
        }
    }

    private EventSession open(String... lines) {
        Map<String, String> properties = new HashMap<>(Map.of("service.pid", "test~x"));
        for (String line : lines) {
            String[] parts = line.split(" = ", 2);
            properties.put(parts[0], parts[1]);
        }
        config = EventRoutes.read("test", properties);
        assertThat(config.errors()).isEmpty();
        EventSession session = EventSession.open(broker.broker(), "test", config, sink);
        session.subscribe();
        return session;
    }

    private void publish(EventSession session, String topic, Map<String, ?> event) {
        session.publish(config.out().get(0), topic, event);
    }

    // ---------------------------------------------------------------- out

    @ParameterizedTest
    @CsvSource({
        "plant/alarm/* -> alarms/{#}, plant/alarm/fire/3, alarms/fire/3",
        "plant/alarm/*,               plant/alarm/fire,   plant/alarm/fire",
        "* -> all/{topic},            a,                  all/a",
        "a/b -> {2}/{1},              a/b,                b/a",
    })
    void mapsEventTopics(String route, String eventTopic, String topic) {
        publish(open("out.a = " + route), eventTopic, Map.of());

        assertThat(broker.published)
                .singleElement()
                .satisfies(message -> assertThat(message.topic().name()).isEqualTo(topic));
    }

    @Test
    void dropsAnEventWhoseTopicTheTemplateRefuses() {
        EventSession session = open("out.a = a/* -> {3}");

        publish(session, "a/b", Map.of());

        assertThat(broker.published).isEmpty();
        assertThat(session.dropped()).isEqualTo(Map.of("unmapped", 1L));
        assertThat(sink.warnings)
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("out.a").contains("a/b"));
    }

    @Test
    void takesThePayloadFromTheProperty() {
        EventSession session = open("out.a = a payload=value");
        byte[] bytes = {1, 2, 3};

        publish(session, "a", Map.of("value", bytes));
        publish(session, "a", Map.of("value", "grün"));
        publish(session, "a", Map.of("value", 21.5));
        publish(session, "a", Map.of("value", true));
        publish(session, "a", Map.of("value", DayOfWeek.MONDAY));
        publish(session, "a", Map.of("other", "x"));
        bytes[0] = 9;

        assertThat(broker.published)
                .extracting(Message::payload)
                .containsExactly(
                        new byte[] {1, 2, 3},
                        "grün".getBytes(UTF_8),
                        "21.5".getBytes(UTF_8),
                        "true".getBytes(UTF_8),
                        "MONDAY".getBytes(UTF_8),
                        new byte[0]);
    }

    @Test
    void dropsAnEventWhosePayloadIsNeitherBytesNorText() {
        EventSession session = open("out.a = a payload=value");

        publish(session, "a", Map.of("value", List.of(1)));
        publish(session, "a", Map.of("value", new int[1]));

        assertThat(broker.published).isEmpty();
        assertThat(session.dropped()).isEqualTo(Map.of("invalid", 2L));
        assertThat(sink.warnings)
                .as("only the first is told of")
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("value"));
    }

    @Test
    void takesThePropertiesOfTheMessageFromTheEvent() {
        publish(
                open("out.a = a qos=0 retain=true"),
                "a",
                Map.of(
                        "mqtt.content.type", "text/plain",
                        "mqtt.response.topic", "answers/1",
                        "mqtt.correlation.data", new byte[] {7},
                        "mqtt.user.site", "plant7",
                        "elsewhere", "x"));

        Message message = broker.published.get(0);
        assertThat(message.qos()).isEqualTo(QoS.AT_MOST_ONCE);
        assertThat(message.retain()).isTrue();
        MessageProperties properties = message.properties();
        assertThat(properties.contentType()).hasValue("text/plain");
        assertThat(properties.responseTopic()).hasValue("answers/1");
        assertThat(properties.correlationData())
                .hasValueSatisfying(data -> assertThat(data).containsExactly(7));
        assertThat(properties.userProperties()).containsExactly(new UserProperty("site", "plant7"));
    }

    @Test
    void dropsAnEventWhosePropertiesCannotStandInAMessage() {
        EventSession session = open("out.a = a");

        publish(session, "a", Map.of("mqtt.response.topic", "a/#"));

        assertThat(session.dropped()).isEqualTo(Map.of("invalid", 1L));
    }

    @Test
    void neverPublishesWhatCameFromMqtt() {
        EventSession session = open("out.a = a/* -> {#}", "in.a = # -> a/{topic}");

        broker.deliver(Message.of("x", "text"));
        publish(session, sink.topics.get(0), sink.events.get(0));

        assertThat(broker.published).isEmpty();
        assertThat(session.dropped()).isEmpty();
    }

    @Test
    void publishesInOrderAndReleasesWhatIsPublishedExactlyOnce() {
        EventSession session = open("out.a = a qos=2");
        broker.stalled = true;
        publish(session, "a", Map.of("mqtt.payload", "1"));
        publish(session, "a", Map.of("mqtt.payload", "2"));
        assertThat(broker.published).as("nothing off the event loop").isEmpty();

        broker.run();

        assertThat(broker.published).extracting(Message::text).containsExactly("1", "2");
        assertThat(broker.packetIds).containsExactly(1, 2);
        assertThat(broker.released).containsExactly(1, 2);
    }

    @Test
    void usesEveryPacketIdentifierAndNeverZero() {
        EventSession session = open("out.a = a");

        for (int i = 0; i < 65_536; i++) {
            publish(session, "a", Map.of());
        }

        assertThat(broker.packetIds.get(65_534)).isEqualTo(65_535);
        assertThat(broker.packetIds.get(65_535)).isEqualTo(1);
    }

    @Test
    void dropsWhatGoesBeyondTheLimitWhileTheEventLoopIsBusy() {
        EventSession session = open("out.a = a qos=0", "queue.bytes = 1KiB");
        broker.stalled = true;
        Map<String, byte[]> event = Map.of("mqtt.payload", new byte[400]);

        publish(session, "a", event);
        publish(session, "a", event);
        publish(session, "a", event);
        broker.run();
        publish(session, "a", event);

        assertThat(broker.published).hasSize(3);
        assertThat(session.dropped()).isEqualTo(Map.of("queue-full", 1L));
    }

    @Test
    void dropsWhatGoesBeyondTheLimitWhileTheBrokerDoesNotAcknowledge() {
        EventSession session = open("out.a = a qos=1", "queue.bytes = 1KiB");
        broker.acknowledges = false;

        for (int i = 0; i < 10; i++) {
            publish(session, "a", Map.of("mqtt.payload", new byte[400]));
        }

        assertThat(broker.published).hasSize(2);
        assertThat(session.dropped()).isEqualTo(Map.of("queue-full", 8L));
    }

    @Test
    void letsOneMessageThroughThatIsLargerThanTheLimit() {
        EventSession session = open("out.a = a", "queue.bytes = 1KiB");

        publish(session, "a", Map.of("mqtt.payload", new byte[10 * KIB]));
        publish(session, "a", Map.of("mqtt.payload", new byte[10 * KIB]));

        assertThat(broker.published).hasSize(2);
    }

    @Test
    void countsWhatTheBrokerRefuses() {
        EventSession session = open("out.a = a");
        broker.answer = ReasonCode.NOT_AUTHORIZED;

        publish(session, "a", Map.of());

        assertThat(session.dropped()).isEqualTo(Map.of("refused", 1L));
        assertThat(sink.warnings)
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("Not authorized"));
    }

    // ---------------------------------------------------------------- in

    @Test
    void subscribesSoThatNothingOfItsOwnAndNothingOfThePastComesIn() {
        open("in.a = cmd/#", "in.b = +/set", "in.c = cmd/# -> again/{#}");

        assertThat(broker.subscriptions).hasSize(2).allSatisfy(subscription -> {
            assertThat(subscription.noLocal()).isTrue();
            assertThat(subscription.retainHandling()).isEqualTo(RetainHandling.DO_NOT_SEND);
        });
        assertThat(broker.subscriptions)
                .extracting(Subscription::filter)
                .extracting(Object::toString)
                .containsExactly("cmd/#", "+/set");
    }

    @ParameterizedTest
    @CsvSource({
        "cmd/# -> plant/{#},    cmd/line1/set,   plant/line1/set",
        "cmd/#,                 cmd/a.b/ü x,     cmd/a_b/__x",
        "#,                     /a//b/,          _/a/_/b/_",
        "#,                     /,               _/_",
        "$SYS/# -> sys/{#},     $SYS/load,       sys/load",
        "# -> x-{topic},        a/\uD83D\uDE00,  x-a/_",
        "+ -> mqtt/{1},         a*,              mqtt/a_",
    })
    void mapsTopicsToWhatAnEventTopicMayBe(String route, String topic, String eventTopic) {
        open("in.a = " + route);

        broker.deliver(Message.of(topic, "x"));

        assertThat(sink.topics).containsExactly(eventTopic);
    }

    @Test
    void makesOneEventForEachRouteThatMatches() {
        open("in.a = cmd/# -> a/{#}", "in.b = cmd/+ -> b/{2}", "in.c = other");

        broker.deliver(Message.of("cmd/x", "1"));

        assertThat(sink.topics).containsExactlyInAnyOrder("a/x", "b/x");
    }

    @Test
    void putsTheMessageUnderTheDocumentedKeys() {
        EventSession session = open("in.a = #");
        byte[] payload = {1, 2};
        broker.deliver(Message.of(Topic.of("a b"), payload, QoS.EXACTLY_ONCE, true)
                .withProperties(new MessageProperties(
                        Optional.of(1),
                        Optional.of("text/plain"),
                        Optional.of("answers"),
                        Optional.of(new byte[] {3}),
                        List.of(new UserProperty("k", "1"), new UserProperty("k", "2")))));

        Map<String, Object> event = sink.events.get(0);
        assertThat(event)
                .containsOnlyKeys(
                        "mqtt.topic",
                        "mqtt.payload",
                        "mqtt.qos",
                        "mqtt.retain",
                        "mqtt.adapter",
                        "mqtt.content.type",
                        "mqtt.response.topic",
                        "mqtt.correlation.data",
                        "mqtt.user.k")
                .containsEntry("mqtt.topic", "a b")
                .containsEntry("mqtt.qos", 2)
                .containsEntry("mqtt.retain", true)
                .containsEntry("mqtt.adapter", session.clientId())
                .containsEntry("mqtt.content.type", "text/plain")
                .containsEntry("mqtt.response.topic", "answers")
                .containsEntry("mqtt.user.k", "2");
        assertThat((byte[]) event.get("mqtt.payload")).containsExactly(1, 2).isNotSameAs(payload);
        assertThat((byte[]) event.get("mqtt.correlation.data")).containsExactly(3);
    }

    @Test
    void tellsTheBrokerWhenTheEventServiceDoesNotKeepUpAndWhenItDoes() {
        open("in.a = #", "queue.bytes = 1KiB");
        Message message = Message.of(Topic.of("a"), new byte[400], QoS.AT_MOST_ONCE, false);

        broker.deliver(message);
        broker.deliver(message);
        assertThat(broker.ready).isEmpty();
        broker.deliver(message);
        assertThat(broker.ready).containsExactly(false);
        sink.underway.remove(0).run();
        assertThat(broker.ready).as("two of three still there").containsExactly(false);
        sink.underway.remove(0).run();
        assertThat(broker.ready).containsExactly(false, true);
        sink.underway.remove(0).run();
        assertThat(broker.ready).containsExactly(false, true);
    }

    @Test
    void goesOnWhenTheEventServiceRefusesEvents() {
        EventSession session = open("in.a = #", "queue.bytes = 1KiB");
        sink.refuses = true;

        for (int i = 0; i < 10; i++) {
            broker.deliver(Message.of(Topic.of("a"), new byte[2 * KIB], QoS.AT_MOST_ONCE, false));
        }

        assertThat(broker.ready.get(broker.ready.size() - 1)).isTrue();
        assertThat(session.dropped()).isEqualTo(Map.of("event-refused", 10L));
    }

    @Test
    void dropsAMessageWhoseTopicTheTemplateRefuses() {
        EventSession session = open("in.a = a/# -> {3}");

        broker.deliver(Message.of("a/b", "x"));

        assertThat(session.dropped()).isEqualTo(Map.of("unmapped", 1L));
    }

    // ---------------------------------------------------------------- the session

    @Test
    void hasASessionOfItsOwnThatEndsWithIt() {
        EventSession one = open("in.a = #");
        String first = one.clientId();
        one.close();

        assertThat(broker.ended).isTrue();
        assertThat(broker.options.cleanStart()).isTrue();
        assertThat(broker.options.sessionExpiryInterval()).isZero();
        assertThat(first).startsWith("test:x:");
        assertThat(open("in.a = #").clientId()).isNotEqualTo(first);
    }

    @Test
    void saysWhichSubscriptionIsRefused() {
        broker.subscribed = ReasonCode.NOT_AUTHORIZED;

        open("in.a = secret/#", "out.a = a");

        assertThat(sink.warnings)
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("secret/#").contains("Not authorized"));
    }

    @Test
    void saysThatItsSessionWasEndedAndPublishesNoMore() {
        EventSession session = open("out.a = a");
        broker.listener.closed(ReasonCode.ADMINISTRATIVE_ACTION);

        publish(session, "a", Map.of());

        assertThat(broker.published).isEmpty();
        assertThat(session.dropped()).isEqualTo(Map.of("session-ended", 1L));
        assertThat(sink.warnings.get(0)).contains("Administrative action");
    }

    @Test
    void leavesNoSessionBehindThatTheBrokerGaveTooLate() {
        CompletableFuture<Session> opening = broker.opening;
        broker.opening = new CompletableFuture<>();
        broker.opening.completeExceptionally(new IllegalStateException("no"));
        assertThatIllegalStateException().isThrownBy(() -> open("out.a = a"));

        broker.opening = new CompletableFuture<>();
        Thread.currentThread().interrupt(); // gives up at once
        assertThatIllegalStateException().isThrownBy(() -> open("out.a = a"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(broker.ended).isFalse();
        broker.opening.complete(opening.join());

        assertThat(broker.ended).isTrue();
    }
}
