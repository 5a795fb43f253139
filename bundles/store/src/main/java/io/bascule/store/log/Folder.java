/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * The folder that a log lives in: the seam between the log and the disk. What {@link #create}, {@link #rename} and
 * {@link #delete} do survives a power cut only after {@link #force}.
 *
 * <p>Safe for use by several threads as long as they name different files.
 */
public interface Folder {

    /** The names of the files in it, in no order. */
    List<String> list() throws IOException;

    /** An empty file of this name, open. One that is there already is emptied. */
    LogFile create(String name) throws IOException;

    /** Opens a file that is there. */
    LogFile open(String name) throws IOException;

    /** Opens a file that is there, to be read alone. @throws java.io.FileNotFoundException also where there is none */
    LogFile openToRead(String name) throws IOException;

    /** Gives a file, which nobody has open, another name that no file has, in one step. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file that nobody has open. Does nothing where there is none of that name. */
    void delete(String name) throws IOException;

    /** Returns when all that was created, renamed and deleted so far is safe. */
    void force() throws IOException;

    /**
     * Makes this process the only one that uses the folder, until what it returns is closed.
     *
     * @throws IOException which names who has it, where somebody has
     */
    Closeable lock() throws IOException;
}
