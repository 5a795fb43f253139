/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.codec;

import io.bascule.api.Identity;
import io.bascule.api.QueueLimits;
import io.bascule.api.QueueLimits.Overflow;
import io.bascule.api.SessionOptions.Overlap;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.spi.Client;
import io.bascule.spi.SessionTerms;
import io.bascule.spi.SessionTerms.Will;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a {@link RecordType#SESSION} says. Of a will's client all is kept but the address.
 *
 * @param number 0 where this is its first record, whose sequence it is
 * @param awaySince the log time since which nobody is attached; {@link #ATTACHED} where somebody is
 */
public record SessionRecord(long number, String clientId, SessionTerms terms, long awaySince) {
    public static final long ATTACHED = Long.MAX_VALUE;

    private static final int AWAY = 1;
    private static final int QUEUE = 2;
    private static final int WILL = 4;

    private static final int TRUSTED = 1;
    private static final int EXPIRES = 2;
    private static final int USER_NAME = 4;
    private static final int VERSION = 8;
    private static final int LISTENER = 16;
    private static final int AUTHORIZERS = 32;

    private static final Overlap[] OVERLAPS = {Overlap.ONE_COPY, Overlap.COPY_PER_SUBSCRIPTION};
    private static final Overflow[] OVERFLOWS = {Overflow.DROP_OLDEST, Overflow.DROP_NEWEST, Overflow.BLOCK};

    private static final int EXPECTED_BYTES = 64;

    public Encoder encode() {
        Encoder to = RecordType.SESSION.encoder(EXPECTED_BYTES);
        to.octet((awaySince != ATTACHED ? AWAY : 0)
                | (terms.queue().isPresent() ? QUEUE : 0)
                | (terms.will().isPresent() ? WILL : 0));
        to.number(number).text(clientId).number(terms.sessionExpiryInterval());
        to.octet(indexOf(OVERLAPS, terms.overlap()));
        if (awaySince != ATTACHED) {
            to.number(awaySince);
        }
        terms.queue().ifPresent(limits -> encode(to, limits));
        terms.will().ifPresent(will -> encode(to, will));
        return to;
    }

    public static SessionRecord decode(Decoder from) {
        int flags = from.octet();
        long number = from.number();
        String clientId = from.text();
        long sessionExpiryInterval = from.number();
        Overlap overlap = from.oneOf(OVERLAPS);
        long awaySince = (flags & AWAY) != 0 ? from.number() : ATTACHED;
        Optional<QueueLimits> queue = (flags & QUEUE) != 0 ? Optional.of(decodeLimits(from)) : Optional.empty();
        Optional<Will> will = (flags & WILL) != 0 ? Optional.of(decodeWill(from)) : Optional.empty();
        from.end();
        return new SessionRecord(
                number, clientId, new SessionTerms(sessionExpiryInterval, will, queue, overlap), awaySince);
    }

    private static void encode(Encoder to, QueueLimits limits) {
        to.number(limits.messages()).number(limits.bytes());
        to.number(limits.age().getSeconds()).number(limits.age().getNano());
        to.octet(indexOf(OVERFLOWS, limits.overflow()));
    }

    private static QueueLimits decodeLimits(Decoder from) {
        int messages = from.integer();
        long bytes = from.number();
        Duration age = Duration.ofSeconds(from.number(), from.integer());
        return new QueueLimits(messages, bytes, age, from.oneOf(OVERFLOWS));
    }

    private static void encode(Encoder to, Will will) {
        Client client = will.client();
        Identity identity = client.identity();
        to.octet((will.trusted() ? TRUSTED : 0)
                | (will.messageExpiryInterval().isPresent() ? EXPIRES : 0)
                | (identity.userName().isPresent() ? USER_NAME : 0)
                | (client.version().isPresent() ? VERSION : 0)
                | (client.listener().isPresent() ? LISTENER : 0)
                | (will.authorizers().isPresent() ? AUTHORIZERS : 0));
        to.number(will.delayInterval());
        will.messageExpiryInterval().ifPresent(to::number);
        to.text(client.clientId());
        identity.userName().ifPresent(to::text);
        client.version().ifPresent(version -> to.octet(version.protocolLevel()));
        client.listener().ifPresent(to::text);
        encode(to, identity.groups());
        will.authorizers().ifPresent(names -> encode(to, names));
        MessageBody.encode(to, will.message());
    }

    private static Will decodeWill(Decoder from) {
        int flags = from.octet();
        long delayInterval = from.number();
        OptionalLong expiry = (flags & EXPIRES) != 0 ? OptionalLong.of(from.number()) : OptionalLong.empty();
        String clientId = from.text();
        Optional<String> userName = optionalText(from, flags & USER_NAME);
        Optional<MqttVersion> version = (flags & VERSION) != 0 ? Optional.of(version(from.octet())) : Optional.empty();
        Optional<String> listener = optionalText(from, flags & LISTENER);
        Set<String> groups = new HashSet<>(texts(from));
        Optional<List<String>> authorizers = (flags & AUTHORIZERS) != 0 ? Optional.of(texts(from)) : Optional.empty();
        Client client = new Client(clientId, new Identity(userName, groups), version, listener, Optional.empty());
        Message message = MessageBody.decode(from);
        return new Will(message, client, (flags & TRUSTED) != 0, authorizers, delayInterval, expiry);
    }

    private static void encode(Encoder to, Collection<String> texts) {
        to.number(texts.size());
        texts.forEach(to::text);
    }

    private static List<String> texts(Decoder from) {
        List<String> texts = new ArrayList<>();
        for (int left = from.count(); left > 0; left--) {
            texts.add(from.text());
        }
        return texts;
    }

    private static Optional<String> optionalText(Decoder from, int flag) {
        return flag != 0 ? Optional.of(from.text()) : Optional.empty();
    }

    private static MqttVersion version(int protocolLevel) {
        for (MqttVersion each : MqttVersion.values()) {
            if (each.protocolLevel() == protocolLevel) {
                return each;
            }
        }
        throw new FormatException("it has an unknown protocol level " + protocolLevel);
    }

    private static <T> int indexOf(T[] values, T value) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == value) {
                return i;
            }
        }
        throw new IllegalArgumentException("no code for " + value);
    }
}
