/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A record in a segment and in memory, big-endian: length of the payload (4 bytes), CRC-32C of everything else (4), type
 * (1), sequence (8), payload. Sequences start at 1, so that no run of zeros is a record.
 */
final class RecordFormat {
    /** What a record takes beside its payload, in bytes. */
    static final int OVERHEAD = 17;

    /** Longer than any MQTT packet. Never lower it: a longer record would look like damage. */
    static final int MAX_PAYLOAD = 512 << 20;

    private static final int CRC = 4;
    private static final int TYPE = 8;
    private static final int SEQUENCE = 9;

    private RecordFormat() {}

    /** Puts a record at the position of the target, which has an array. The payload stays as it is. */
    static void put(ByteBuffer target, long sequence, byte type, ByteBuffer payload) {
        int start = target.position();
        target.putInt(payload.remaining());
        target.putInt(0);
        target.put(type);
        target.putLong(sequence);
        target.put(payload.duplicate());
        target.putInt(start + CRC, crc(target, start));
    }

    /** How many bytes the record that starts here takes with its payload; negative when it says a length that none has. */
    static int size(ByteBuffer bytes, int start) {
        int length = bytes.getInt(start);
        return length < 0 || length > MAX_PAYLOAD ? -1 : OVERHEAD + length;
    }

    static byte type(ByteBuffer bytes, int start) {
        return bytes.get(start + TYPE);
    }

    static long sequence(ByteBuffer bytes, int start) {
        return bytes.getLong(start + SEQUENCE);
    }

    static ByteBuffer payload(ByteBuffer bytes, int start) {
        return bytes.slice(start + OVERHEAD, bytes.getInt(start));
    }

    /** The record that starts here, which is one. */
    static StoredRecord read(ByteBuffer bytes, int start) {
        byte[] payload = new byte[bytes.getInt(start)];
        bytes.get(start + OVERHEAD, payload);
        return new StoredRecord(type(bytes, start), payload);
    }

    /** Whether what starts here, all of which is in the buffer, is the record of this sequence, undamaged. */
    static boolean isRecord(ByteBuffer bytes, int start, long sequence) {
        return sequence(bytes, start) == sequence && bytes.getInt(start + CRC) == crc(bytes, start);
    }

    private static int crc(ByteBuffer bytes, int start) {
        CRC32C crc = new CRC32C();
        int offset = bytes.arrayOffset() + start;
        crc.update(bytes.array(), offset, CRC);
        crc.update(bytes.array(), offset + TYPE, OVERHEAD - TYPE + bytes.getInt(start));
        return (int) crc.getValue();
    }
}
