/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.store.log.Folder;
import io.bascule.store.log.LogFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A disk that can be made to take its time, or to refuse, when it is to say that something is safe. */
final class HeldDisk implements Folder {
    private final Folder disk;
    private boolean held;
    private boolean refusing;
    private volatile long nanos;
    private final AtomicLong written = new AtomicLong();

    HeldDisk(Folder disk) {
        this.disk = disk;
    }

    synchronized void hold() {
        held = true;
    }

    synchronized void refuse() {
        refusing = true;
    }

    /** How much was written to it, ever, in bytes. */
    long written() {
        return written.get();
    }

    /** From now on it takes so long each time. */
    void slow(Duration time) {
        nanos = time.toNanos();
    }

    /** It works again. */
    synchronized void release() {
        held = false;
        refusing = false;
        notifyAll();
    }

    private void pass() throws IOException {
        LockSupport.parkNanos(nanos);
        passHeld();
    }

    private synchronized void passHeld() throws IOException {
        while (held) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        if (refusing) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public List<String> list() throws IOException {
        return disk.list();
    }

    @Override
    public LogFile create(String name) throws IOException {
        return new Held(disk.create(name));
    }

    @Override
    public LogFile open(String name) throws IOException {
        return new Held(disk.open(name));
    }

    @Override
    public LogFile openToRead(String name) throws IOException {
        return disk.openToRead(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public void force() throws IOException {
        pass();
        disk.force();
    }

    @Override
    public Closeable lock() throws IOException {
        return disk.lock();
    }

    private final class Held implements LogFile {
        private final LogFile file;

        Held(LogFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            written.addAndGet(source.remaining());
            file.write(source, position);
        }

        @Override
        public int read(byte[] target, int offset, int length, long position) throws IOException {
            return file.read(target, offset, length, position);
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void force() throws IOException {
            pass();
            file.force();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
