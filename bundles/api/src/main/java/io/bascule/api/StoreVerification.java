/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.List;

/**
 * What a verification of a store has found.
 *
 * @param folder its absolute path
 * @param segments how many files were read
 * @param bytes what was read of them
 * @param records how many records they have that are whole
 * @param unfinishedBytes what the last file has behind its last record: it was being written when its process ended. No damage
 * @param sessions that are in them
 * @param retained retained messages
 * @param queued messages that sessions have not acknowledged, waiting or in flight, counted once for each session
 * @param damaged how many places cannot be read
 * @param damages the first 1,000 of them
 */
public record StoreVerification(
        String folder,
        int segments,
        long bytes,
        long records,
        long unfinishedBytes,
        int sessions,
        int retained,
        long queued,
        long damaged,
        List<Damage> damages) {
    public StoreVerification {
        damages = List.copyOf(damages);
    }

    /**
     * A place that cannot be read. What comes behind it in the same file is not looked for, but for a record that is whole and not understood.
     *
     * @param file its name in the folder
     * @param offset where in the file, in bytes
     * @param reason in words
     */
    public record Damage(String file, long offset, String reason) {}
}
