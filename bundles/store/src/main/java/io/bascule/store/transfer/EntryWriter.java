/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.transfer;

import io.bascule.api.LocalOptions;
import io.bascule.api.QueueLimits;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.MqttVersion;
import io.bascule.spi.Client;
import io.bascule.spi.SessionTerms.Will;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Lines of entries. What is at its default is left out. */
public final class EntryWriter {
    private EntryWriter() {}

    /** One line. */
    public static void write(Entry entry, Writer line) throws IOException {
        Map<String, Object> to = new LinkedHashMap<>();
        if (entry instanceof Entry.Head head) {
            to.put("format", EntryReader.FORMAT);
            to.put("version", head.version());
        } else if (entry instanceof Entry.Session session) {
            add(to, session);
        } else if (entry instanceof Entry.Queued queued) {
            add(to, queued);
        } else if (entry instanceof Entry.Retained retained) {
            to.put("type", EntryReader.RETAINED);
            add(to, retained.message(), retained.expiry());
        } else if (entry instanceof Entry.End end) {
            to.put("type", EntryReader.END);
            to.put("sessions", end.sessions());
            to.put("messages", end.messages());
            to.put("retained", end.retained());
        }
        Json.write(to, line);
        line.write('\n');
    }

    private static void add(Map<String, Object> to, Entry.Session session) {
        to.put("type", EntryReader.SESSION);
        to.put("clientId", session.clientId());
        to.put("sessionExpiryInterval", session.terms().sessionExpiryInterval());
        session.away().ifPresent(away -> to.put("away", away.toSeconds()));
        to.put("overlap", session.terms().overlap().name());
        session.terms().queue().ifPresent(limits -> to.put("queueLimits", limits(limits)));
        session.terms().will().ifPresent(will -> to.put("will", will(will)));
        to.put(
                "subscriptions",
                session.subscriptions().stream().map(EntryWriter::subscription).toList());
        to.put(
                "inFlight",
                session.inFlight().stream().map(EntryWriter::inFlight).toList());
        to.put("accepted", list(session.accepted()));
    }

    private static Map<String, Object> limits(QueueLimits limits) {
        Map<String, Object> to = new LinkedHashMap<>();
        to.put("messages", limits.messages());
        to.put("bytes", limits.bytes());
        if (limits.age().compareTo(QueueLimits.ANY_AGE) < 0) {
            to.put("ageMillis", Math.max(1, limits.age().toMillis()));
        }
        to.put("overflow", limits.overflow().name());
        return to;
    }

    private static Map<String, Object> will(Will will) {
        Map<String, Object> to = new LinkedHashMap<>();
        to.put("delayInterval", will.delayInterval());
        add(to, will.message(), will.messageExpiryInterval());
        Client client = will.client();
        to.put("clientId", client.clientId());
        client.identity().userName().ifPresent(name -> to.put("userName", name));
        to.put("groups", List.copyOf(new TreeSet<>(client.identity().groups())));
        client.version().map(MqttVersion::name).ifPresent(version -> to.put("version", version));
        client.listener().ifPresent(name -> to.put("listener", name));
        to.put("trusted", will.trusted());
        will.authorizers().ifPresent(names -> to.put("authorizers", names));
        return to;
    }

    private static Map<String, Object> subscription(Subscription subscription) {
        Map<String, Object> to = new LinkedHashMap<>();
        to.put("filter", subscription.filter().text());
        to.put("qos", subscription.maximumQos().level());
        to.put("noLocal", subscription.noLocal());
        to.put("retainAsPublished", subscription.retainAsPublished());
        to.put("retainHandling", subscription.retainHandling().name());
        to.put("identifier", subscription.identifier());
        LocalOptions local = subscription.local();
        if (!local.equals(LocalOptions.NONE)) {
            to.put("minimumQos", local.minimumQos().level());
            to.put("keepsLatest", local.keepsLatest());
            to.put("priority", local.priority().name());
        }
        return to;
    }

    private static Map<String, Object> inFlight(Entry.InFlight sent) {
        Map<String, Object> to = new LinkedHashMap<>();
        to.put("packetId", sent.packetId());
        to.put("received", sent.received());
        return to;
    }

    private static void add(Map<String, Object> to, Entry.Queued queued) {
        to.put("type", EntryReader.MESSAGE);
        add(to, queued.message(), queued.expiry());
        to.put("age", queued.age().toSeconds());
        to.put(
                "receivers",
                queued.receivers().stream().map(EntryWriter::receiver).toList());
    }

    private static Map<String, Object> receiver(Entry.Receiver receiver) {
        Map<String, Object> to = new LinkedHashMap<>();
        to.put("clientId", receiver.clientId());
        to.put("qos", receiver.qos().level());
        to.put("retain", receiver.retain());
        if (receiver.subscriptionIdentifiers().length > 0) {
            to.put("subscriptionIdentifiers", list(receiver.subscriptionIdentifiers()));
        }
        if (receiver.packetId() != 0) {
            to.put("packetId", receiver.packetId());
        }
        return to;
    }

    private static void add(Map<String, Object> to, Message message, OptionalLong expiry) {
        to.put("topic", message.topic().name());
        to.put("qos", message.qos().level());
        to.put("retain", message.retain());
        bytes(to, "payload", message.payload());
        expiry.ifPresent(seconds -> to.put("messageExpiryInterval", seconds));
        MessageProperties properties = message.properties();
        properties.payloadFormatIndicator().ifPresent(value -> to.put("payloadFormatIndicator", value));
        properties.contentType().ifPresent(value -> to.put("contentType", value));
        properties.responseTopic().ifPresent(value -> to.put("responseTopic", value));
        properties.correlationData().ifPresent(value -> bytes(to, "correlationData", value));
        if (!properties.userProperties().isEmpty()) {
            to.put(
                    "userProperties",
                    properties.userProperties().stream()
                            .map(each -> {
                                Map<String, Object> property = new LinkedHashMap<>();
                                property.put("name", each.name());
                                property.put("value", each.value());
                                return property;
                            })
                            .toList());
        }
    }

    private static List<Integer> list(int[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    private static void bytes(Map<String, Object> to, String name, byte[] bytes) {
        Optional<String> text = text(bytes);
        to.put(
                text.isPresent() ? name : name + "Base64",
                text.orElseGet(() -> Base64.getEncoder().encodeToString(bytes)));
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
