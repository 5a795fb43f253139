/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.io.Writer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The durable store, for those who run a broker: an OSGi service while the component of the store's bundle is active, also while its folder
 * cannot be opened. Where there is none, the broker keeps everything in memory. Every method may be called from any thread. What takes its time is done on a thread of its
 * own, one thing at a time.
 */
@ProviderType
public interface Store {

    /** How it stands. A snapshot, which waits for no disk. */
    StoreStatus status();

    /**
     * Reads all that the open store has had safe on the disk at this moment, while it goes on, and tells what cannot be read. Segments that are
     * over are not deleted meanwhile. It takes as much memory as an opening of the store.
     *
     * @return exceptionally with an {@link IllegalStateException} when it is not open or something else of this kind is under way, and with
     *     an {@link java.io.IOException} when the disk refuses or the store is closed meanwhile. Who cancels it ends it
     */
    CompletableFuture<StoreVerification> verify();

    /**
     * The same for a folder that no store has open, such as a backup, without changing a byte of it. What the last file has behind its
     * last record is not damage there: it was being written.
     *
     * @return exceptionally also with an {@link java.io.IOException} when there is no such folder, somebody has it open, it has files of two
     *     stores, or one of a newer release
     */
    CompletableFuture<StoreVerification> verify(Path folder);

    /**
     * Writes what the open store has had safe on the disk at this moment, while it goes on: sessions that outlive their connection, what
     * their clients have not acknowledged, and retained messages, in JSON, an object a line. It takes as much memory as an opening of the
     * store, and no segments are deleted meanwhile.
     *
     * @param to written to on a thread of the store, flushed, and not closed
     * @return exceptionally with an {@link IllegalStateException} when it is not open or something else of this kind is under way, and with
     *     an {@link java.io.IOException} when the disk or the writer refuses or the store is closed meanwhile. Who cancels it ends it
     */
    CompletableFuture<Exported> export(Writer to);

    /**
     * Imports a file that was exported, or is like one. All of it is checked before anything is done. Then the store is closed for a moment, so
     * that its broker stops and its clients are cut off; when it is opened again they find what was imported. It is whole or not at all,
     * also when the process or the power goes meanwhile.
     *
     * @param skipExisting whether sessions and retained messages that exist already stay as they are; otherwise nothing is imported where
     *     one does
     * @return when the store is offered again; exceptionally with an {@link IllegalStateException} when it is not open or something else of
     *     this kind is under way, and with an {@link java.io.IOException} that names the line, the field and what is allowed, or what
     *     exists, or says what the disk refuses; nothing is imported then. Who cancels it ends it, which comes to the same
     */
    CompletableFuture<Imported> importFrom(Path file, boolean skipExisting);

    /**
     * What was imported, and what was left out since it existed already.
     *
     * @param messages that wait or are in flight, each once, however many sessions are to receive it
     */
    record Imported(long sessions, long messages, long retained, long skippedSessions, long skippedRetained) {}

    /**
     * What was exported.
     *
     * @param messages that wait or are in flight, each once, however many sessions are to receive it
     * @param damaged how many places could not be read; what was there is not exported
     */
    record Exported(long sessions, long messages, long retained, long damaged) {}
}
