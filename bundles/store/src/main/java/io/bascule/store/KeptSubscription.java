/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.store.codec.Encoder;
import io.bascule.store.codec.RecordType;
import io.bascule.store.codec.SubscriptionRecord;
import java.nio.ByteBuffer;

/** A subscription of a session. Which one it is its record says. */
final class KeptSubscription extends Live {
    private long number;

    /** It was made by the record of this sequence. */
    void made(long sequence) {
        number = sequence;
    }

    long number() {
        return number;
    }

    @Override
    RecordType type() {
        return RecordType.SUBSCRIBED;
    }

    @Override
    Encoder copy(ByteBuffer record) {
        SubscriptionRecord made = SubscriptionRecord.decode(type().decoder(record));
        return new SubscriptionRecord(number, made.session(), made.subscription()).encode();
    }
}
