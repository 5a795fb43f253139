/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.transfer;

import io.bascule.api.Identity;
import io.bascule.api.LocalOptions;
import io.bascule.api.LocalOptions.Priority;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
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
import io.bascule.spi.SessionTerms;
import io.bascule.spi.SessionTerms.Will;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Entries of lines. What is not there is at its default. */
public final class EntryReader {
    /** Of the format that is written and read. */
    public static final long VERSION = 1;

    static final String FORMAT = "bascule-store";
    static final String SESSION = "session";
    static final String MESSAGE = "message";
    static final String RETAINED = "retained";
    static final String END = "end";

    private static final int MOST_PACKET_ID = 65_535;
    private static final int MOST_BYTES = 65_535;
    private static final long MOST_SECONDS = 0xFFFF_FFFFL;

    private EntryReader() {}

    /**
     * The entry of a line.
     *
     * @throws IllegalArgumentException which names the field, or the column, and says what is allowed
     */
    public static Entry entry(String line) {
        Map<String, Object> members = Json.readObject(line);
        return Fields.whole(
                new Fields("", members), members.containsKey("format") ? EntryReader::head : EntryReader::body);
    }

    private static Entry head(Fields from) {
        String format = from.required("format", text -> text);
        if (!format.equals(FORMAT)) {
            throw from.wrong("format", "allowed is " + FORMAT);
        }
        return new Entry.Head(from.required("version", 1, Long.MAX_VALUE));
    }

    private static Entry body(Fields from) {
        String type = from.required("type", text -> text);
        return switch (type) {
            case SESSION -> session(from);
            case MESSAGE -> queued(from);
            case RETAINED -> new Entry.Retained(message(from), expiry(from));
            case END ->
                new Entry.End(
                        from.required("sessions", 0, Long.MAX_VALUE),
                        from.required("messages", 0, Long.MAX_VALUE),
                        from.required("retained", 0, Long.MAX_VALUE));
            default ->
                throw from.wrong("type", "allowed is " + String.join(", ", List.of(SESSION, MESSAGE, RETAINED, END)));
        };
    }

    private static Entry session(Fields from) {
        String clientId = from.required("clientId", EntryReader::clientId);
        OptionalLong away = from.optional("away", 0, MOST_SECONDS);
        SessionTerms terms = new SessionTerms(
                from.required("sessionExpiryInterval", 1, SessionOptions.NEVER),
                from.object("will", fields -> will(fields, clientId)),
                from.object("queueLimits", EntryReader::limits),
                from.choice("overlap", Overlap.class).orElse(Overlap.ONE_COPY));
        return new Entry.Session(
                clientId,
                terms,
                away.isPresent() ? Optional.of(Duration.ofSeconds(away.getAsLong())) : Optional.empty(),
                from.objects("subscriptions", EntryReader::subscription),
                from.objects(
                        "inFlight",
                        fields -> new Entry.InFlight(
                                (int) fields.required("packetId", 1, MOST_PACKET_ID), fields.flag("received"))),
                from.numbers("accepted", 1, MOST_PACKET_ID));
    }

    private static QueueLimits limits(Fields from) {
        OptionalLong millis = from.optional("ageMillis", 1, QueueLimits.ANY_AGE.toMillis());
        return new QueueLimits(
                (int) from.required("messages", 0, Integer.MAX_VALUE),
                from.required("bytes", 0, Long.MAX_VALUE),
                millis.isPresent() ? Duration.ofMillis(millis.getAsLong()) : QueueLimits.ANY_AGE,
                from.choice("overflow", Overflow.class).orElse(Overflow.DROP_NEWEST));
    }

    private static Will will(Fields from, String ofSession) {
        Identity identity =
                new Identity(from.optional("userName", EntryReader::text), new HashSet<>(from.texts("groups")));
        Client client = new Client(
                from.optional("clientId", EntryReader::text).orElse(ofSession),
                identity,
                from.choice("version", MqttVersion.class),
                from.optional("listener", EntryReader::text),
                Optional.empty());
        long delayInterval = from.optional("delayInterval", 0, MOST_SECONDS).orElse(0);
        return new Will(
                message(from),
                client,
                from.flag("trusted"),
                from.optionalTexts("authorizers"),
                delayInterval,
                expiry(from));
    }

    private static Subscription subscription(Fields from) {
        TopicFilter filter = from.required("filter", TopicFilter::of);
        QoS qos = qos(from, 0);
        boolean noLocal = from.flag("noLocal");
        boolean retainAsPublished = from.flag("retainAsPublished");
        RetainHandling handling =
                from.choice("retainHandling", RetainHandling.class).orElse(RetainHandling.SEND);
        int identifier = (int)
                from.optional("identifier", 0, Subscription.MAX_IDENTIFIER).orElse(0);
        LocalOptions local = new LocalOptions(
                QoS.ofLevel((int) from.optional("minimumQos", 0, qos.level()).orElse(0)),
                from.flag("keepsLatest"),
                from.choice("priority", Priority.class).orElse(Priority.NORMAL));
        if (local.isOfWhatWaits() && identifier == 0) {
            throw from.wrong("identifier", "keepsLatest and priority need one");
        }
        return made(
                from,
                "noLocal",
                () -> new Subscription(filter, qos, noLocal, retainAsPublished, handling, identifier, local));
    }

    private static Entry queued(Fields from) {
        Duration age = Duration.ofSeconds(from.optional("age", 0, MOST_SECONDS).orElse(0));
        Message message = message(from);
        List<Entry.Receiver> receivers = from.objects("receivers", EntryReader::receiver);
        if (receivers.isEmpty()) {
            throw from.wrong("receivers", "allowed is one or more");
        }
        return new Entry.Queued(message, expiry(from), age, receivers);
    }

    private static Entry.Receiver receiver(Fields from) {
        return new Entry.Receiver(
                from.required("clientId", EntryReader::clientId),
                qos(from, 1),
                from.flag("retain"),
                from.numbers("subscriptionIdentifiers", 1, Subscription.MAX_IDENTIFIER),
                (int) from.optional("packetId", 1, MOST_PACKET_ID).orElse(0));
    }

    private static Message message(Fields from) {
        Topic topic = from.required("topic", Topic::of);
        MessageProperties properties = properties(from);
        return Message.of(topic, from.requiredBytes("payload"), qos(from, 0), from.flag("retain"))
                .withProperties(properties);
    }

    private static MessageProperties properties(Fields from) {
        OptionalLong format = from.optional("payloadFormatIndicator", 0, 1);
        Optional<String> contentType = from.optional("contentType", EntryReader::text);
        Optional<String> responseTopic =
                from.optional("responseTopic", text -> Topic.of(text).name());
        Optional<byte[]> correlationData = from.bytes("correlationData");
        List<UserProperty> userProperties = from.objects(
                "userProperties",
                each -> new UserProperty(
                        each.required("name", EntryReader::text), each.required("value", EntryReader::text)));
        if (format.isEmpty()
                && contentType.isEmpty()
                && responseTopic.isEmpty()
                && correlationData.isEmpty()
                && userProperties.isEmpty()) {
            return MessageProperties.NONE;
        }
        Optional<Integer> indicator = format.isPresent() ? Optional.of((int) format.getAsLong()) : Optional.empty();
        return made(
                from,
                "correlationData",
                () -> new MessageProperties(indicator, contentType, responseTopic, correlationData, userProperties));
    }

    private static OptionalLong expiry(Fields from) {
        return from.optional("messageExpiryInterval", 0, MOST_SECONDS);
    }

    private static QoS qos(Fields from, int least) {
        return QoS.ofLevel((int) from.required("qos", least, 2));
    }

    /** A text that may stand in a packet. */
    private static String text(String text) {
        if (!Fields.isUtf8(text) || text.indexOf(0) >= 0 || text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new IllegalArgumentException("allowed is a text of at most " + MOST_BYTES
                    + " bytes without U+0000 and halves of surrogate pairs");
        }
        return text;
    }

    private static String clientId(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("allowed is a text that is not empty");
        }
        return text(text);
    }

    private static <T> T made(Fields from, String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw from.wrong(field, e.getMessage());
        }
    }
}
