/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.retained;

import io.bascule.bridge.file.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The file of one bridge: the format's number, the CRC-32 and the length of the sections, and a byte that says whether anything is certain at all; the
 * sections, one for each route at each server; and for each topic a byte that says whether its digest is certain. Such bytes are overwritten in their
 * places, so that a doubt costs the disk one block and not the file.
 */
final class ValuesFile {
    private static final int FORMAT = 0x42530101;
    private static final int ASKING = 3 * Integer.BYTES;
    private static final int HEAD = ASKING + 1;
    private static final byte CERTAIN = 0x55;
    private static final byte DOUBTFUL = 0;
    private static final long LARGEST = 64L << 20;

    private final Path path;

    /**
     * What is remembered of one route at one server.
     *
     * @param owner server, client id and route, each as it is written in the bridge's file
     * @param brokerId the id that this broker had when it was compared, or the names that the remote one had
     */
    record Section(List<String> owner, String brokerId, List<Entry> entries) {}

    /**
     * One topic.
     *
     * @param flag where in the file it stands whether it is certain; {@link Value#NOWHERE} where it is not
     */
    record Entry(String topic, Digest digest, long flag) {}

    ValuesFile(Path path) {
        this.path = path;
    }

    // ---------------------------------------------------------------- to read

    /** What is in a file. {@code isDoubtful} where whoever wrote it was asking then, so that none of its marks holds. */
    record Content(boolean isDoubtful, List<Section> sections) {
        static final Content NOTHING = new Content(false, List.of());
    }

    /**
     * What is in it; nothing where it is not there.
     *
     * @throws IOException when it is damaged
     */
    Content read() throws IOException {
        if (!Files.exists(path)) {
            return Content.NOTHING;
        }
        if (Files.size(path) > LARGEST) {
            throw new IOException("it is larger than " + LARGEST + " bytes");
        }
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(path));
        try {
            return read(all);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("it is cut off", e);
        }
    }

    private static Content read(ByteBuffer all) throws IOException {
        if (all.getInt() != FORMAT) {
            throw new IOException("it is of another format");
        }
        int crc = all.getInt();
        int length = all.getInt();
        if (length < 0 || length >= all.remaining()) {
            throw new IOException("it is cut off");
        }
        boolean asking = all.get() != CERTAIN;
        ByteBuffer body = all.slice(HEAD, length);
        if (crc != crc(body.duplicate())) {
            throw new IOException("its check sum is wrong");
        }
        int flags = HEAD + length;
        List<Section> sections = new ArrayList<>();
        while (body.hasRemaining()) {
            List<String> owner = new ArrayList<>();
            for (int left = body.getInt(); left > 0; left--) {
                owner.add(text(body));
            }
            String brokerId = text(body);
            List<Entry> entries = new ArrayList<>();
            for (int left = body.getInt(); left > 0; left--) {
                String topic = text(body);
                Digest digest = new Digest(body.getLong(), body.getLong());
                boolean certain = !asking && flags < all.limit() && all.get(flags) == CERTAIN;
                entries.add(new Entry(topic, digest, certain ? flags : Value.NOWHERE));
                flags++;
            }
            sections.add(new Section(owner, brokerId, entries));
        }
        return new Content(asking, sections);
    }

    private static int crc(ByteBuffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static String text(ByteBuffer from) {
        int length = from.getInt();
        if (length < 0 || length > from.remaining()) {
            throw new IllegalArgumentException("a text of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    // ---------------------------------------------------------------- to write

    /** A content as it will stand in the file, and where. */
    static final class Image {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(body);
        private final ByteArrayOutputStream flags = new ByteArrayOutputStream();
        private final List<Value> certain = new ArrayList<>();
        private final List<Integer> places = new ArrayList<>();

        void section(List<String> owner, String brokerId, int size) {
            number(owner.size());
            owner.forEach(this::text);
            text(brokerId);
            number(size);
        }

        void entry(String topic, Value value, boolean isCertain) {
            text(topic);
            Digest digest = value.digest == null ? new Digest(0, 0) : value.digest;
            number(digest.high());
            number(digest.low());
            if (isCertain) {
                certain.add(value);
                places.add(flags.size());
            }
            value.flag = Value.NOWHERE;
            flags.write(isCertain ? CERTAIN : DOUBTFUL);
        }

        /** Ends it, and tells the values where they stand. */
        byte[] finish(boolean asking) {
            for (int i = 0; i < certain.size(); i++) {
                certain.get(i).flag = (long) HEAD + body.size() + places.get(i);
            }
            ByteBuffer all = ByteBuffer.allocate(HEAD + body.size() + flags.size());
            all.putInt(FORMAT).putInt(crc(ByteBuffer.wrap(body.toByteArray()))).putInt(body.size());
            all.put(asking ? DOUBTFUL : CERTAIN);
            return all.put(body.toByteArray()).put(flags.toByteArray()).array();
        }

        private void text(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            number(bytes.length);
            body.writeBytes(bytes);
        }

        private void number(int number) {
            try {
                out.writeInt(number);
            } catch (IOException e) {
                throw new IllegalStateException(e); // into memory
            }
        }

        private void number(long number) {
            try {
                out.writeLong(number);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Puts these bytes in its place, as far as the disk. */
    void write(byte[] bytes) throws IOException {
        Files.createDirectories(path.getParent());
        Path written = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(written, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        WholeFile.force(
                path.toAbsolutePath().getParent()); // what is changed in it later is not to be in the one before
    }

    /** Makes what stands at these places doubtful, as far as the disk. */
    void doubt(List<Long> flags) throws IOException {
        set(flags, DOUBTFUL);
    }

    /** Makes all of it doubtful, or as certain again as it was. */
    void asking(boolean now) throws IOException {
        if (Files.exists(path)) {
            set(List.of((long) ASKING), now ? DOUBTFUL : CERTAIN);
        }
    }

    private void set(List<Long> places, byte value) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (long place : places) {
                channel.write(ByteBuffer.wrap(new byte[] {value}), place);
            }
            channel.force(false);
        }
    }

    void delete() throws IOException {
        if (Files.deleteIfExists(path)) {
            WholeFile.force(path.toAbsolutePath().getParent());
        }
    }
}
