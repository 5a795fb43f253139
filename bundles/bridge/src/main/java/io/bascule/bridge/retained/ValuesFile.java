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
import java.util.function.Consumer;
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
    private final Consumer<Path> folders;
    /** Where the bytes of the topics begin. */
    private int marks;

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
     * @param place which one it is in the file; {@link Value#NOWHERE} where its digest is not certain
     */
    record Entry(String topic, Digest digest, int place) {}

    ValuesFile(Path path) {
        this(path, WholeFile::force);
    }

    /**
     * The same.
     *
     * @param folders has the entries of a folder reach the disk
     */
    ValuesFile(Path path, Consumer<Path> folders) {
        this.path = path;
        this.folders = folders;
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

    private Content read(ByteBuffer all) throws IOException {
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
        marks = HEAD + length;
        int place = 0;
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
                int mark = marks + place;
                boolean certain = !asking && mark < all.limit() && all.get(mark) == CERTAIN;
                entries.add(new Entry(topic, digest, certain ? place : Value.NOWHERE));
                place++;
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

    /** A content as it will stand in the file. */
    static final class Image {
        private static final Digest UNKNOWN = new Digest(0, 0);

        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(body);
        private final ByteArrayOutputStream flags = new ByteArrayOutputStream();
        private final List<Size> sizes = new ArrayList<>();

        /** That of a section, known at its end. */
        private record Size(int at, int firstPlace) {}

        /** Begins one. */
        void section(List<String> owner, String brokerId) {
            number(owner.size());
            owner.forEach(this::text);
            text(brokerId);
            sizes.add(new Size(body.size(), flags.size()));
            number(0);
        }

        /** The place of the next topic. */
        int nextPlace() {
            return flags.size();
        }

        /** Adds one to the section. */
        void add(Entry entry) {
            text(entry.topic());
            Digest digest = entry.digest() == null ? UNKNOWN : entry.digest();
            number(digest.high());
            number(digest.low());
            flags.write(entry.place() == Value.NOWHERE ? DOUBTFUL : CERTAIN);
        }

        /** Ends it. */
        Written finish(boolean asking) {
            ByteBuffer all = ByteBuffer.allocate(HEAD + body.size() + flags.size());
            all.position(HEAD).put(body.toByteArray()).put(flags.toByteArray());
            for (int i = 0, end = flags.size(); i < sizes.size(); i++) {
                int next = i + 1 < sizes.size() ? sizes.get(i + 1).firstPlace() : end;
                all.putInt(HEAD + sizes.get(i).at(), next - sizes.get(i).firstPlace());
            }
            int crc = crc(all.slice(HEAD, body.size()));
            all.rewind().putInt(FORMAT).putInt(crc).putInt(body.size()).put(asking ? DOUBTFUL : CERTAIN);
            return new Written(all.array(), HEAD + body.size());
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

    /** An image that is ended. */
    record Written(byte[] bytes, int marks) {}

    /** Puts this in its place, as far as the disk. */
    void write(Written image) throws IOException {
        Files.createDirectories(path.getParent());
        Path written = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (ByteBuffer left = ByteBuffer.wrap(image.bytes()); left.hasRemaining(); ) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(written, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        folders.accept(path.toAbsolutePath().getParent()); // what is changed in it later is not to be in the one before
        marks = image.marks();
    }

    /** Makes the topics at these places doubtful, as far as the disk. */
    void doubt(List<Integer> places) throws IOException {
        set(places.stream().map(place -> marks + place).toList(), DOUBTFUL);
    }

    /** Makes all of it doubtful, or as certain again as it was. */
    void asking(boolean now) throws IOException {
        if (Files.exists(path)) {
            set(List.of(ASKING), now ? DOUBTFUL : CERTAIN);
        }
    }

    private void set(List<Integer> at, byte value) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (int each : at) {
                channel.write(ByteBuffer.wrap(new byte[] {value}), each);
            }
            channel.force(false);
        }
    }

    void delete() throws IOException {
        if (Files.deleteIfExists(path)) {
            folders.accept(path.toAbsolutePath().getParent());
        }
    }
}
