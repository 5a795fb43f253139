/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MqttVersion;
import io.bascule.transport.ControlPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Optional;

/** A packet behind a byte that says who reads it and in which version; without its Remaining Length, which is always right here. */
class PacketFuzzTest {
    private static final int LARGEST = 64 * 1024;
    private static final MqttVersion[] VERSIONS = MqttVersion.values();

    private final PacketEncoder encoder = new PacketEncoder(UnpooledByteBufAllocator.DEFAULT);

    @FuzzTest
    void readsWhatItWouldWriteOrRefuses(byte[] input) {
        if (input.length < 2) {
            return;
        }
        Terms terms = terms(input[0]);
        ByteBuf in = Unpooled.wrappedBuffer(input);
        int firstByte = input[1] & 0xFF;
        int type = firstByte >> 4;
        try {
            if (type == PacketType.PUBLISH) {
                Message message = new PublishDecoder(new TopicCache(), terms).decode(in, firstByte, 2, input.length);
                assertThat(message.payload().length).isLessThan(input.length);
            } else if (PacketType.hasValidFlags(firstByte, terms.version())) {
                FieldReader fields = new FieldReader(in, 2, input.length);
                read(type, fields, terms)
                        .filter(PacketFuzzTest::isWritten)
                        .ifPresent(packet -> readsItself(packet, terms));
            }
        } catch (MqttFormatException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static Terms terms(byte first) {
        boolean fromClient = (first & 1) == 0;
        Terms terms = new Terms(
                new Role(fromClient, LARGEST, LARGEST, PropertyLimits.DEFAULT, ClientRates.ANY, new LimitHits()));
        terms.connectBegins(VERSIONS[(first >> 1 & 0x3F) % VERSIONS.length]);
        return terms;
    }

    /** Empty for what is read elsewhere. */
    private static Optional<ControlPacket> read(int type, FieldReader fields, Terms terms) {
        PropertyBudget budget = new PropertyBudget(terms.role().properties());
        if (type == PacketType.CONNECT && terms.fromClient()) {
            ConnectPrefix prefix = ConnectPrefix.read(fields);
            terms.connectBegins(prefix.version());
            return Optional.of(ConnectReader.read(prefix, fields, budget));
        }
        boolean itsOwn = type == PacketType.CONNECT || type >= PacketType.PUBACK && type <= PacketType.PUBCOMP;
        if (itsOwn || !PacketType.isAllowed(type, terms.fromClient())) {
            return Optional.empty();
        }
        return Optional.of(PacketReader.read(type, fields, terms, budget));
    }

    /** Filters that are none are read, and answered each, and nobody writes them. */
    private static boolean isWritten(ControlPacket packet) {
        if (packet instanceof ControlPacket.Subscribe subscribe) {
            return subscribe.subscriptions().stream()
                    .allMatch(each -> each.subscription().isPresent());
        }
        return !(packet instanceof ControlPacket.Unsubscribe unsubscribe)
                || unsubscribe.filters().stream().allMatch(Optional::isPresent);
    }

    /** Written and read again, it is written as the first time. */
    private void readsItself(ControlPacket packet, Terms terms) {
        byte[] once = written(packet, terms);
        ByteBuf in = Unpooled.wrappedBuffer(once);
        int at = 1;
        while (once[at++] < 0) {
            // Remaining Length.
        }
        ControlPacket again = read((once[0] & 0xFF) >> 4, new FieldReader(in, at, once.length), terms)
                .orElseThrow();
        assertThat(written(again, terms)).isEqualTo(once);
    }

    private byte[] written(ControlPacket packet, Terms terms) {
        ByteBuf out = encoder.encode(packet, terms).orElseThrow();
        try {
            byte[] bytes = new byte[out.readableBytes()];
            out.readBytes(bytes);
            return bytes;
        } finally {
            out.release();
        }
    }
}
