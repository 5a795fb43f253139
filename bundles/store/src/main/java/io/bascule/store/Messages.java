/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.mqtt.Message;
import io.bascule.store.codec.Decoder;
import io.bascule.store.codec.Encoder;
import io.bascule.store.codec.MessageBody;
import io.bascule.store.codec.MessageHead;
import io.bascule.store.codec.RecordType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Messages to records and back, between the time of {@link Message} and that of the log. */
final class Messages {
    private Messages() {}

    /** The log time at which it expires: in steps of a second, as the message tells it, and never too early. */
    static long deadline(Message message, LogTime time) {
        long nanos = time.nanos();
        OptionalLong seconds = message.remainingExpirySeconds(nanos);
        return seconds.isPresent()
                ? time.at(nanos) + TimeUnit.SECONDS.toMillis(seconds.getAsLong())
                : MessageHead.NEVER;
    }

    static Encoder encode(MessageHead head, Message message) {
        Encoder encoder = RecordType.MESSAGE.encoder(head.expectedBytes() + message.sizeInBytes());
        head.encode(encoder);
        MessageBody.encode(encoder, message);
        return encoder;
    }

    static Message decode(ByteBuffer record, LogTime time) {
        Decoder decoder = RecordType.MESSAGE.decoder(record);
        long deadline = MessageHead.decode(decoder).deadline();
        Message message = MessageBody.decode(decoder);
        decoder.end();
        return expiring(message, deadline, time);
    }

    /** The same, which expires at this log time. */
    static Message expiring(Message message, long deadline, LogTime time) {
        return deadline == MessageHead.NEVER ? message : message.expiringIn(Duration.ofMillis(deadline - time.now()));
    }
}
