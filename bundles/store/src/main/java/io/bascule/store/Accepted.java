/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import io.bascule.store.codec.Encoder;
import io.bascule.store.codec.RecordType;
import io.bascule.store.log.SegmentedLog;
import java.nio.ByteBuffer;

/**
 * A Packet Identifier of a QoS 2 message that has come from a client and is not released. Its record is that of the message at first, and
 * one of its own when that is copied.
 */
final class Accepted extends Live {
    private final KeptSession session;
    private final int packetId;

    Accepted(KeptSession session, int packetId) {
        this.session = session;
        this.packetId = packetId;
    }

    /** What a record of its own takes. */
    int ownBytes() {
        return SegmentedLog.recordBytes(copy(null).toBuffer().remaining());
    }

    @Override
    RecordType type() {
        return RecordType.ACCEPTED;
    }

    @Override
    boolean isOnDiskAlone() {
        return false;
    }

    @Override
    Encoder copy(ByteBuffer record) {
        return type().encode(session.number(), packetId);
    }
}
