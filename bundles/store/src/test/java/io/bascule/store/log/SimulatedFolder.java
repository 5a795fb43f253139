/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A folder in memory that knows what the disk has of it, and so can lose the rest in a power cut; that can be full, slow and
 * refuse to force; and whose power can go after so many operations.
 */
public final class SimulatedFolder implements Folder {
    private final SplittableRandom random;
    private final Map<String, SimulatedFile> seen = new TreeMap<>();
    private final Map<String, SimulatedFile> onDisk = new TreeMap<>();
    private final List<Consumer<Map<String, SimulatedFile>>> unsynced = new ArrayList<>();
    private long operationsLeft = Long.MAX_VALUE;
    private double failures;
    private long room = Long.MAX_VALUE;
    private boolean lying;
    private volatile boolean refusing;
    private volatile long forceNanos;
    private int forces;
    private boolean locked;

    public SimulatedFolder(SplittableRandom random) {
        this.random = random;
    }

    /** With these files, safe on disk. */
    public static SimulatedFolder of(Map<String, byte[]> files) {
        SimulatedFolder folder = new SimulatedFolder(new SplittableRandom(0));
        files.forEach((name, content) -> {
            SimulatedFile file = SimulatedFile.of(content);
            folder.seen.put(name, file);
            folder.onDisk.put(name, file);
        });
        return folder;
    }

    public synchronized Map<String, byte[]> files() {
        Map<String, byte[]> files = new TreeMap<>();
        seen.forEach((name, file) -> files.put(name, file.content().clone()));
        return files;
    }

    /** From now on, forcing the folder does nothing. */
    public synchronized SimulatedFolder lying() {
        lying = true;
        return this;
    }

    /** The power goes after so many operations. */
    public synchronized void powerFor(long operations) {
        operationsLeft = operations;
    }

    public synchronized boolean isOff() {
        return operationsLeft <= 0;
    }

    /** This share of writes and forces fails. */
    public synchronized void failing(double share) {
        failures = share;
    }

    /** How many bytes more can be written until the disk is full. */
    public synchronized void room(long bytes) {
        room = bytes;
    }

    public void refuseToForce(boolean refuse) {
        refusing = refuse;
    }

    public void forceTakes(long nanos) {
        forceNanos = nanos;
    }

    /** How many forces of files there were. */
    public synchronized int forces() {
        return forces;
    }

    /** Whether a force that failed made the system forget what it is still seen to have. */
    synchronized boolean forgets() {
        return seen.values().stream().anyMatch(SimulatedFile::forgets);
    }

    /** The power goes, and comes back. */
    public synchronized void cut() {
        unsynced.removeIf(change -> random.nextBoolean());
        unsynced.forEach(change -> change.accept(onDisk));
        unsynced.clear();
        onDisk.values().forEach(file -> file.cut(random));
        seen.clear();
        seen.putAll(onDisk);
        kill();
    }

    /** The process ends, and nothing else. */
    public synchronized void kill() {
        operationsLeft = Long.MAX_VALUE;
        failures = 0;
        locked = false;
    }

    private void operate() throws IOException {
        if (operationsLeft <= 0) {
            throw new IOException("no power");
        }
        operationsLeft--;
    }

    private void mayFail() throws IOException {
        if (failures > 0 && random.nextDouble() < failures) {
            throw new IOException("bad disk");
        }
    }

    private void change(Consumer<Map<String, SimulatedFile>> change) {
        change.accept(seen);
        unsynced.add(change);
    }

    @Override
    public synchronized List<String> list() throws IOException {
        operate();
        return List.copyOf(seen.keySet());
    }

    @Override
    public synchronized LogFile create(String name) throws IOException {
        operate();
        mayFail();
        SimulatedFile file = seen.get(name);
        if (file == null) {
            SimulatedFile created = new SimulatedFile();
            change(files -> files.put(name, created));
            return new Open(created);
        }
        file.truncate(0);
        return new Open(file);
    }

    @Override
    public synchronized LogFile open(String name) throws IOException {
        operate();
        SimulatedFile file = seen.get(name);
        if (file == null) {
            throw new NoSuchFileException(name);
        }
        return new Open(file);
    }

    @Override
    public synchronized LogFile openToRead(String name) throws IOException {
        if (!seen.containsKey(name)) {
            throw new FileNotFoundException(name);
        }
        return open(name);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        operate();
        if (!seen.containsKey(from)) {
            throw new NoSuchFileException(from);
        }
        change(files -> {
            SimulatedFile file = files.remove(from);
            if (file != null) {
                files.put(to, file);
            }
        });
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        operate();
        change(files -> files.remove(name));
    }

    @Override
    public synchronized void force() throws IOException {
        operate();
        mayFail();
        if (!lying) {
            unsynced.forEach(change -> change.accept(onDisk));
            unsynced.clear();
        }
    }

    @Override
    public synchronized Closeable lock() throws IOException {
        if (locked) {
            throw new IOException("in use");
        }
        locked = true;
        return () -> {
            synchronized (this) {
                locked = false;
            }
        };
    }

    private final class Open implements LogFile {
        private final SimulatedFile file;
        private boolean closed;

        Open(SimulatedFile file) {
            this.file = file;
        }

        private void operateOpen() throws IOException {
            operate();
            if (closed) {
                throw new IOException("closed");
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (SimulatedFolder.this) {
                int length = source.remaining();
                byte[] bytes = new byte[length];
                source.get(bytes);
                boolean fits = length <= room;
                try {
                    operateOpen();
                    mayFail();
                } catch (IOException e) { // half of it, as a write that is interrupted may
                    if (operationsLeft > 0) {
                        file.write((int) position, Arrays.copyOf(bytes, random.nextInt(length + 1)));
                    }
                    throw e;
                }
                int written = (int) Math.min(length, room);
                file.write((int) position, Arrays.copyOf(bytes, written));
                room -= written;
                if (!fits) {
                    throw new IOException("No space left on device");
                }
            }
        }

        @Override
        public int read(byte[] target, int offset, int length, long position) throws IOException {
            synchronized (SimulatedFolder.this) {
                operateOpen();
                byte[] content = file.content();
                int read = (int) Math.max(0, Math.min(length, content.length - position));
                if (read > 0) {
                    System.arraycopy(content, (int) position, target, offset, read);
                }
                return read;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimulatedFolder.this) {
                operateOpen();
                mayFail();
                file.truncate((int) size);
            }
        }

        @Override
        public void force() throws IOException {
            if (forceNanos > 0) {
                LockSupport.parkNanos(forceNanos);
            }
            synchronized (SimulatedFolder.this) {
                operateOpen();
                forces++;
                try {
                    mayFail();
                    if (refusing) {
                        throw new IOException("Input/output error");
                    }
                } catch (IOException e) {
                    file.failForce(random);
                    throw e;
                }
                file.force();
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (SimulatedFolder.this) {
                operateOpen();
                return file.content().length;
            }
        }

        @Override
        public void close() {
            synchronized (SimulatedFolder.this) {
                closed = true;
            }
        }
    }
}
