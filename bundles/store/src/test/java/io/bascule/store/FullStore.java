/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.api.Identity;
import io.bascule.api.QueueLimits;
import io.bascule.api.SessionOptions;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.api.Subscription;
import io.bascule.api.Subscription.RetainHandling;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.mqtt.UserProperty;
import io.bascule.spi.Client;
import io.bascule.spi.MessageStore.Receipt;
import io.bascule.spi.MessageStore.Receiver;
import io.bascule.spi.SessionStore;
import io.bascule.spi.SessionTerms;
import io.bascule.spi.SessionTerms.Will;
import io.bascule.spi.StoredMessage;
import io.bascule.store.log.Durability;
import io.bascule.store.log.Eventually;
import io.bascule.store.log.Folder;
import io.bascule.store.log.LogSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A store on a clock that is set by hand, with something of everything in it. */
final class FullStore {
    static final StoreSettings SETTINGS = new StoreSettings(new LogSettings(Durability.FSYNC, 1 << 20, 1 << 20), 0);
    static final String AWAY = "away \"ü\ud83d\ude00";
    static final String HERE = "here";

    private final Folder folder;
    private final HandClock clock = new HandClock();
    private LogMessageStore store;

    /** Both clocks stand still until they are moved on. */
    static final class HandClock implements StoreClock {
        private long nanos = System.nanoTime();
        private long wallMillis = TestClock.NOON;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public long wallMillis() {
            return wallMillis;
        }

        /** Messages expire by the machine's own clock. */
        void catchUp() {
            nanos = System.nanoTime();
        }

        void pass(Duration time) {
            nanos += time.toNanos();
            wallMillis += time.toMillis();
        }
    }

    FullStore(Folder folder) {
        this.folder = folder;
    }

    void open() throws IOException {
        store = LogMessageStore.open(folder, SETTINGS, clock);
    }

    void close() throws IOException {
        store.close();
    }

    HandClock clock() {
        return clock;
    }

    LogMessageStore store() {
        return store;
    }

    void fill() {
        clock.catchUp();
        SessionStore away = store.session(AWAY);
        QueueLimits limits = new QueueLimits(5, 1L << 40, Duration.ofMillis(1_500), QueueLimits.Overflow.BLOCK);
        away.connected(new SessionTerms(100, Optional.empty(), Optional.of(limits), Overlap.COPY_PER_SUBSCRIPTION));
        away.subscribed(Subscription.of(TopicFilter.of("$share/g/a/#"), QoS.AT_LEAST_ONCE));
        away.subscribed(new Subscription(
                TopicFilter.of("a/+"),
                QoS.EXACTLY_ONCE,
                true,
                true,
                RetainHandling.DO_NOT_SEND,
                Subscription.MAX_IDENTIFIER));
        SessionStore here = store.session(HERE);
        here.connected(new SessionTerms(SessionOptions.NEVER, Optional.of(will()), Optional.empty(), Overlap.ONE_COPY));
        store.session("not kept")
                .connected(new SessionTerms(0, Optional.of(will()), Optional.empty(), Overlap.ONE_COPY));

        StoredMessage one =
                append(message("a/1", "1", QoS.EXACTLY_ONCE, false), false, receiver(away, 0, QoS.EXACTLY_ONCE));
        StoredMessage two = append(
                message("a/2", "2", QoS.EXACTLY_ONCE, true),
                true,
                new Receiver(away, 0, QoS.EXACTLY_ONCE, true, new int[] {Subscription.MAX_IDENTIFIER}),
                receiver(away, 1, QoS.AT_LEAST_ONCE),
                receiver(here, 0, QoS.AT_LEAST_ONCE));
        append(
                Message.of(Topic.of("a/3"), new byte[] {0, -1, -128}, QoS.AT_LEAST_ONCE, false)
                        .withProperties(properties())
                        .expiringIn(Duration.ofMillis(58_500)),
                false,
                receiver(here, 0, QoS.AT_LEAST_ONCE));
        append(message("r", "r", QoS.AT_MOST_ONCE, true).expiringIn(Duration.ofMillis(11_500)), true);
        append(message("gone", "x", QoS.AT_MOST_ONCE, true).expiringIn(Duration.ofMillis(4_500)), true);
        clock.pass(Duration.ofSeconds(2));
        store.append(
                message("a/4", "\0\u001b\\", QoS.AT_LEAST_ONCE, false),
                false,
                List.of(receiver(here, 0, QoS.AT_LEAST_ONCE)),
                Optional.of(new Receipt(away, 65_535)));
        away.accepted(5);
        away.sent(two, 9);
        away.sent(one, 3);
        away.received(9);
        away.disconnected();
        clock.pass(Duration.ofSeconds(7));
        awaitSafe();
    }

    void awaitSafe() {
        Eventually.is(() -> store.isDurable(store.lastSequence()));
    }

    static Will will() {
        Client client = new Client(
                HERE,
                new Identity(Optional.of("user"), Set.of("g1", "g2")),
                Optional.of(MqttVersion.MQTT_5),
                Optional.of("tls"),
                Optional.empty());
        return new Will(
                message("will", "gone", QoS.AT_LEAST_ONCE, true),
                client,
                true,
                Optional.empty(),
                30,
                OptionalLong.of(60));
    }

    private static MessageProperties properties() {
        return new MessageProperties(
                Optional.of(0),
                Optional.of("text/plain"),
                Optional.of("answer"),
                Optional.of(new byte[] {-1}),
                List.of(new UserProperty("n", "1"), new UserProperty("n", "2")));
    }

    private StoredMessage append(Message message, boolean retained, Receiver... receivers) {
        return store.append(message, retained, List.of(receivers), Optional.empty());
    }

    private static Receiver receiver(SessionStore session, int copy, QoS qos) {
        return new Receiver(session, copy, qos, false, new int[0]);
    }

    private static Message message(String topic, String text, QoS qos, boolean retain) {
        return Message.of(topic, text).withQos(qos).withRetain(retain);
    }
}
