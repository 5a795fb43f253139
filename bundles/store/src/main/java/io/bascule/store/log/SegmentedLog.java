/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A log of records in the files of one folder. A record is a type and a payload, and has a sequence, by which it is read
 * and which it keeps: they count from 1, without gaps but where segments were damaged.
 *
 * <p>Safe for use by any thread. Only opening, {@link #read}, {@link #delete} and {@link #close} wait for the disk.
 */
public final class SegmentedLog implements Closeable {
    private static final long CLOSING_MILLIS = 5_000;

    private final Folder folder;
    private final Durability durability;
    private final Recovery recovery;
    private final Segments segments;
    private final Pending pending;
    private final Acknowledgements acknowledgements;
    private final Committer committer;
    private final Thread thread;
    private final long firstNumber;

    private SegmentedLog(Folder folder, LogSettings settings, Opening opening, LogListener listener, Closeable lock) {
        this.folder = folder;
        durability = settings.durability();
        recovery = opening.recovery();
        firstNumber = opening.nextNumber();
        segments = new Segments(folder, settings.segmentBytes(), opening.segments(), opening.nextNumber());
        pending = new Pending(opening.nextSequence(), settings);
        acknowledgements = new Acknowledgements(opening.nextSequence() - 1);
        committer = new Committer(pending, segments, acknowledgements, durability == Durability.FSYNC, listener, lock);
        thread = new Thread(committer, "bascule-store");
        thread.setDaemon(true);
    }

    /**
     * Opens the log of this folder, which is its own until it is closed, and replays what it has. It needs no room on the
     * disk for that. What was replayed is as safe as {@link Durability#FSYNC} makes it.
     *
     * @throws IOException when the folder is in use by another log, a file is of a newer format, the files are not of one log,
     *     or the disk refuses
     */
    public static SegmentedLog open(Folder folder, LogSettings settings, Replay replay, LogListener listener)
            throws IOException {
        SegmentedLog log = prepare(folder, settings, replay, listener);
        try {
            log.thread.start();
        } catch (Throwable e) { // there are too many threads
            log.committer.end();
            throw e;
        }
        return log;
    }

    /** One whose thread is not started, so that a test commits step by step. */
    static SegmentedLog prepare(Folder folder, LogSettings settings, Replay replay, LogListener listener)
            throws IOException {
        Closeable lock = folder.lock();
        try {
            Provisional.undo(folder);
            Opening opening = new Opening(folder, replay);
            opening.run();
            return new SegmentedLog(folder, settings, opening, listener, lock);
        } catch (Throwable e) {
            Quietly.close(lock);
            throw e;
        }
    }

    Committer committer() {
        return committer;
    }

    /** What opening it found. */
    public Recovery recovery() {
        return recovery;
    }

    /**
     * Appends a record, in memory as yet. It is never refused for want of room: who appends looks at {@link #isCongested}.
     *
     * @param payload what remains of it is copied, and its position stays; at most 512 MiB
     * @return the record's sequence
     * @throws IllegalStateException when the log is closed
     */
    public long append(byte type, ByteBuffer payload) {
        return pending.append(type, payload);
    }

    /**
     * Does something when a record is safe: in log order on the committer thread, which it must not block, or at once on this
     * one where all that is to be done up to that record has been done. It is never done when the log closes before.
     */
    public void whenDurable(long sequence, Runnable action) {
        if (durability == Durability.MEMORY) {
            action.run();
        } else {
            acknowledgements.when(sequence, action);
        }
    }

    /** Whether a record is safe. */
    public boolean isDurable(long sequence) {
        return durability == Durability.MEMORY || acknowledgements.isSafe(sequence);
    }

    /** Like {@link #whenDurable}, but with {@link Durability#MEMORY} too not before it is written. */
    public void whenWritten(long sequence, Runnable action) {
        acknowledgements.when(sequence, action);
    }

    /** Whether a record is written, and as safe as it becomes. */
    public boolean isWritten(long sequence) {
        return acknowledgements.isSafe(sequence);
    }

    /** Up to which sequence all records are written, and as safe as they become. */
    public long writtenSequence() {
        return acknowledgements.safe();
    }

    /** Whether so much is not safe yet that nobody should append more. */
    public boolean isCongested() {
        return pending.isCongested();
    }

    /** Does something when half of the bound is free again: on the committer thread, or at once where it is not congested. */
    public void whenRelieved(Runnable action) {
        if (!pending.keepWhenRelieved(action)) {
            action.run();
        }
    }

    /**
     * Reads a record, from memory while it is not safe yet.
     *
     * @throws IOException when the log has no such record, or what the disk has is damaged
     */
    public StoredRecord read(long sequence) throws IOException {
        StoredRecord record = pending.read(sequence);
        return record != null ? record : segments.read(sequence);
    }

    /** The segments in their order. */
    public List<SegmentInfo> segments() {
        return segments.infos();
    }

    /** What all segments take on the disk, with what is still to be written, in bytes. */
    public long bytes() {
        long waiting = pending.bytes(); // first, so that what is written meanwhile counts twice rather than not at all
        return waiting + segments().stream().mapToLong(SegmentInfo::bytes).sum();
    }

    /** What is appended and not safe yet, in bytes. */
    public long pendingBytes() {
        return pending.bytes();
    }

    /** How commits went so far. */
    public CommitInfo commits() {
        return committer.times().info();
    }

    /** What a record with a payload of this length takes, in bytes. */
    public static int recordBytes(int payloadLength) {
        return RecordFormat.OVERHEAD + payloadLength;
    }

    /**
     * Deletes a segment with all its records; safely so when it returns, and perhaps when it throws. Of a quarantined one the
     * file stays, as {@code .damaged}.
     *
     * @throws IllegalArgumentException when there is none of this number, or it is the last one
     */
    public void delete(long number) throws IOException {
        segments.delete(number);
    }

    /**
     * Reads again all that is safe when this is called. Nothing may be deleted until it returns.
     *
     * @param wanted asked again and again
     * @throws java.util.concurrent.CancellationException when that says no
     * @see Scan
     */
    public Scan.Result scan(Replay again, BooleanSupplier wanted) throws IOException {
        return Scan.of(folder, acknowledgements.safe(), again, wanted);
    }

    /**
     * Has all that is appended from now on taken back at the next opening, unless {@link #keepProvisional} comes before. Nothing was appended
     * that is needed, and nothing may be deleted until then.
     */
    public void beginProvisional() throws IOException {
        Provisional.mark(folder, firstNumber);
    }

    /** Has it stay, which is safe when this returns. */
    public void keepProvisional() throws IOException {
        Provisional.keep(folder);
    }

    /** Why nothing becomes safe at present, if that is so. */
    public Optional<IOException> failure() {
        return Optional.ofNullable(committer.failure());
    }

    /**
     * Makes safe what is pending, and gives back files, lock and thread. When the disk refuses it gives up after one more
     * attempt; when the disk does not answer it returns after 5 s, and the rest follows when the disk does.
     *
     * @throws IOException when something is left that is not safe
     */
    @Override
    public void close() throws IOException {
        pending.close();
        if (Thread.currentThread() == thread) {
            return; // called by an action: it closes when that has returned
        }
        try {
            TimeUnit.MILLISECONDS.timedJoin(thread, CLOSING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long left = pending.bytes();
        if (left > 0 || thread.isAlive()) {
            throw new IOException(left + " bytes are not saved", committer.failure());
        }
    }
}
