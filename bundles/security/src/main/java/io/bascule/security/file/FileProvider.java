/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.file;

import io.bascule.api.SecurityProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider that lives on one file. What a whole file says is in force until another whole one takes its place; one that is broken, or gone,
 * changes nothing but {@link #failure()}. Safe for use by several threads.
 */
public final class FileProvider<T> implements SecurityProvider {
    private static final Logger LOG = LoggerFactory.getLogger(FileProvider.class);

    private static final int MOST_BYTES = 16 * 1024 * 1024;

    /** Of {@link Stamp#CALM} each. */
    private static final int MOST_WAITS = 3;

    private final ProviderConfig config;
    private final FileFormat<T> format;
    private volatile Supplier<Map<String, Long>> figures = Map::of;
    private Stamp inForce;
    private Stamp seen;
    private volatile T content;
    private volatile String failure;

    /** One that has not looked yet. */
    public FileProvider(ProviderConfig config, FileFormat<T> format) {
        this.config = config;
        this.format = format;
        if (!config.errors().isEmpty()) {
            failed(String.join("; ", config.errors()));
        }
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String kind() {
        return format.kind();
    }

    @Override
    public boolean serving() {
        return content != null;
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public Map<String, Long> figures() {
        return figures.get();
    }

    /** Takes its figures from whoever decides by what it has; returns this. */
    public FileProvider<T> with(Supplier<Map<String, Long>> others) {
        figures = others;
        return this;
    }

    /** Where it lives. */
    public ProviderConfig config() {
        return config;
    }

    /** What is in force; empty while it has never had a whole file. */
    public Optional<T> content() {
        return Optional.ofNullable(content);
    }

    /** Looks whether the file is another one, and takes it where nobody seems to be writing it. */
    public synchronized void look() {
        look(false);
    }

    /** Takes the file as it is. */
    public synchronized void take() {
        look(true);
    }

    private void look(boolean whole) {
        Stamp now = null;
        try {
            now = Stamp.of(config.file());
            if (now.same(inForce)) {
                return;
            }
            if (!whole && now.fresh() && !now.same(seen)) {
                seen = now;
                return;
            }
            T read = format.parse(text());
            if (!whole && !now.same(Stamp.of(config.file()))) {
                return; // it was written while it was read: once more at the next look
            }
            inForce = now;
            content = read;
            failure = null;
            LOG.info("{} {}: {} is in force: {}", kind(), name(), config.file(), format.describe(read));
            warnOfReaders();
        } catch (BadFileException e) {
            inForce = now;
            failed(config.file() + ", " + e.getMessage());
        } catch (NoSuchFileException e) {
            inForce = null;
            failed("there is no file " + config.file());
        } catch (IOException e) {
            inForce = null;
            failed(config.file() + " cannot be read: " + e.getMessage());
        }
    }

    /** What becomes of the text of the file. */
    public interface Edit {
        /** @throws BadFileException where it cannot be made of that one */
        String of(String text) throws BadFileException;
    }

    /**
     * Puts another text in the place of that of the file, or of none where there is no file, and takes it. Waits for somebody who writes the file in
     * place, 3 s at most: what he has not written yet would be lost.
     *
     * @throws IOException where he goes on, and where the file cannot be read or written
     * @throws BadFileException where the file is broken, or would be
     */
    public void edit(Edit edit) throws IOException, BadFileException {
        Optional<Stamp> before = calm();
        String text = before.isPresent() ? text() : "";
        check(text);
        String edited = edit.of(text);
        check(edited);
        NewContent.write(config.file(), edited, () -> {
            if (!same(before, stamp())) {
                throw beingWritten();
            }
        });
        take();
    }

    /** The file once nobody seems to be writing it; empty where there is none. */
    private Optional<Stamp> calm() throws IOException {
        Optional<Stamp> now = stamp();
        for (int waits = 0; waits < MOST_WAITS; waits++) {
            if (now.isEmpty() || !now.get().fresh() || isInForce(now.get())) {
                return now;
            }
            try {
                Thread.sleep(Stamp.CALM.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("the provider closes");
            }
            Optional<Stamp> before = now;
            now = stamp();
            if (same(before, now)) {
                return now;
            }
        }
        throw beingWritten();
    }

    private Optional<Stamp> stamp() throws IOException {
        try {
            return Optional.of(Stamp.of(config.file()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static boolean same(Optional<Stamp> one, Optional<Stamp> other) {
        return one.isPresent() ? one.get().same(other.orElse(null)) : other.isEmpty();
    }

    private synchronized boolean isInForce(Stamp stamp) {
        return stamp.same(inForce);
    }

    private static IOException beingWritten() {
        return new IOException("the file is not changed, since somebody is writing it: try again in a moment");
    }

    /** What stands in the file; refused where it is not text, or endless. */
    private String text() throws IOException, BadFileException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(config.file())) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw new BadFileException("it has more than " + MOST_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadFileException("it is not UTF-8");
        }
    }

    /** @throws BadFileException where a file with this text would be broken */
    private void check(String text) throws BadFileException {
        format.parse(text);
    }

    /** Once for each failure, however often it is met with. */
    private void failed(String sentence) {
        if (!sentence.equals(failure)) {
            failure = sentence;
            String then = serving() ? "what was in force stays so" : "it decides nothing";
            LOG.warn("{} {}: {}; {}", kind(), name(), sentence, then);
        }
    }

    private void warnOfReaders() throws IOException {
        Path file = config.file();
        if (format.secret()
                && Files.getFileStore(file).supportsFileAttributeView(PosixFileAttributeView.class)
                && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
            LOG.warn("{} {}: everybody on this machine can read {}; chmod o-r takes that away", kind(), name(), file);
        }
    }
}
