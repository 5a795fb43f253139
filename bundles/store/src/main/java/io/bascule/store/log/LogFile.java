/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file of a {@link Folder}. Any thread may read, while at most one other writes, truncates and forces. An interrupt
 * of a reader does not close the file.
 */
public interface LogFile extends Closeable {

    /** Writes all that remains of the source, at this position. A write that fails may have written some of it. */
    void write(ByteBuffer source, long position) throws IOException;

    /**
     * Reads up to {@code length} bytes into the target.
     *
     * @return how many were read, fewer than {@code length} only at the end of the file, 0 beyond it
     */
    int read(byte[] target, int offset, int length, long position) throws IOException;

    /** Cuts off what is beyond this size, in bytes. */
    void truncate(long size) throws IOException;

    /** Returns when all that was written and cut off so far is safe. */
    void force() throws IOException;

    /** In bytes. */
    long size() throws IOException;
}
