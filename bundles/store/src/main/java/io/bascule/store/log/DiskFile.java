/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file on disk. It is read through {@link RandomAccessFile}, since an interrupt of a thread that reads through a
 * {@link FileChannel} closes the channel for everybody; and written through the channel, at explicit positions, so that
 * the two do not share a file pointer.
 */
final class DiskFile implements LogFile {
    /** The JDK copies what is on the heap into native memory of the same size, and keeps that for the thread. */
    private static final int MOST_AT_ONCE = 256 * 1024;

    private final RandomAccessFile file;
    private final FileChannel channel;
    private boolean resized;

    DiskFile(Path path, boolean writing) throws IOException {
        file = new RandomAccessFile(path.toFile(), writing ? "rw" : "r");
        channel = file.getChannel();
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        ByteBuffer piece = source.duplicate();
        long at = position;
        while (source.hasRemaining()) {
            piece.limit(Math.min(source.limit(), source.position() + MOST_AT_ONCE));
            int written = channel.write(piece, at);
            at += written;
            source.position(piece.position());
        }
    }

    @Override
    public int read(byte[] target, int offset, int length, long position) throws IOException {
        synchronized (file) {
            file.seek(position);
            int read = 0;
            while (read < length) {
                int more = file.read(target, offset + read, length - read);
                if (more < 0) {
                    break;
                }
                read += more;
            }
            return read;
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        channel.truncate(size);
        resized = true;
    }

    @Override
    public void force() throws IOException {
        channel.force(resized); // fdatasync, but for a smaller size, which is metadata
        resized = false;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
