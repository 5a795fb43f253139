/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The file {@code provisional} of a folder: while it is there, the segments from a certain number on are to be kept together or not at all, and
 * the next opening deletes them. It holds that number (8 bytes, big-endian) and a CRC-32C of it (4).
 */
final class Provisional {
    private static final String NAME = "provisional";
    private static final int SIZE = Long.BYTES + Integer.BYTES;

    private Provisional() {}

    /** From this segment on; safe when it returns, before which none of them may have anything that counts. */
    static void mark(Folder folder, long firstNumber) throws IOException {
        try (LogFile file = folder.create(NAME)) {
            ByteBuffer bytes = ByteBuffer.allocate(SIZE).putLong(firstNumber);
            bytes.putInt(crc(bytes)).flip();
            file.write(bytes, 0);
            file.force();
        }
        folder.force();
    }

    /** They are kept; safely so when it returns. */
    static void keep(Folder folder) throws IOException {
        folder.delete(NAME);
        folder.force();
    }

    /** Deletes them, where they are not kept; the last first, so that what is left of them when the power goes is a log. */
    static void undo(Folder folder) throws IOException {
        List<String> names = folder.list();
        if (!names.contains(NAME)) {
            return;
        }
        long firstNumber = read(folder);
        List<String> inOrder = names.stream()
                .filter(name -> SegmentName.parse(name).orElse(0) >= firstNumber)
                .sorted(Comparator.reverseOrder())
                .toList();
        for (String each : inOrder) {
            folder.delete(each);
            folder.force();
        }
        keep(folder);
    }

    /** The first number; one that no segment has where the file was not complete, so that nothing was appended. */
    private static long read(Folder folder) throws IOException {
        try (LogFile file = folder.openToRead(NAME)) {
            ByteBuffer bytes = ByteBuffer.allocate(SIZE);
            boolean whole = file.read(bytes.array(), 0, SIZE, 0) == SIZE && bytes.getInt(Long.BYTES) == crc(bytes);
            return whole ? bytes.getLong(0) : Long.MAX_VALUE;
        }
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, Long.BYTES);
        return (int) crc.getValue();
    }
}
