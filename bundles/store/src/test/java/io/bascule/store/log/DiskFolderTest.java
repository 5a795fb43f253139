/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bascule.itests.statements.Cve;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DiskFolderTest {
    @TempDir
    private Path temporary;

    private Path path;
    private DiskFolder folder;

    @BeforeEach
    void createFolder() throws IOException {
        path = temporary.resolve("a").resolve("store");
        folder = DiskFolder.open(path);
    }

    @Test
    @Cve("CVE-2017-9868")
    void isForItsOwnerOnly() throws IOException {
        assumeTrue(path.getFileSystem().supportedFileAttributeViews().contains("posix"));
        folder.create("file").close();
        folder.lock().close();

        assertThat(permissions(path)).isEqualTo("rwx------");
        assertThat(permissions(path.resolve("file"))).isEqualTo("rw-------");
        assertThat(permissions(path.resolve("lock"))).isEqualTo("rw-------");
    }

    @Test
    void readsWhatItWrote() throws IOException {
        byte[] bytes = new byte[1_000_000];
        new SplittableRandom(1).nextBytes(bytes);
        try (LogFile file = folder.create("file")) {
            file.write(ByteBuffer.wrap(bytes), 10);
            file.force();
            byte[] read = new byte[bytes.length + 20];
            assertThat(file.read(read, 5, read.length - 5, 10)).isEqualTo(bytes.length);
            assertThat(Arrays.copyOfRange(read, 5, 5 + bytes.length)).isEqualTo(bytes);
            assertThat(file.read(read, 0, 10, 1_000_010)).isZero();
            file.truncate(100);
            file.force();
            assertThat(file.size()).isEqualTo(100);
        }
        try (LogFile file = folder.create("file")) {
            assertThat(file.size()).isZero();
        }
    }

    @Test
    void isReadByAnInterruptedThread() throws IOException {
        try (LogFile file = folder.create("file")) {
            file.write(ByteBuffer.wrap(new byte[] {1}), 0);
            Thread.currentThread().interrupt();
            try {
                assertThat(file.read(new byte[1], 0, 1, 0)).isOne();
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            file.write(ByteBuffer.wrap(new byte[] {1}), 1);
        }
    }

    @Test
    void renamesAndDeletes() throws IOException {
        folder.create("one").close();
        folder.rename("one", "two");
        assertThat(folder.list()).containsExactly("two");
        folder.delete("two");
        folder.delete("two");
        folder.force();

        assertThat(folder.list()).isEmpty();
    }

    @Test
    void isNotLockedByAnInterruptedThread() throws IOException {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(folder::lock).isInstanceOf(IOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        folder.lock().close();
    }

    @Test
    void namesTheProcessThatHasIt() throws Exception {
        try (Child child = new Child(path, false)) {
            assertThat(child.line()).isEqualTo("open.");
            assertThatThrownBy(folder::lock)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is in use by process " + child.pid() + " started at 2");
        }
        folder.lock().close();
    }

    @Test
    void isHeldAgainstOthersAfterASecondAttempt() throws Exception {
        Closeable lock = folder.lock();
        try {
            assertThatThrownBy(() -> DiskFolder.open(path).lock())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("this process");
            try (Child child = new Child(path, false)) {
                assertThat(child.line())
                        .contains("in use by process " + ProcessHandle.current().pid() + " started at 2");
            }
        } finally {
            lock.close();
        }
        try (Child child = new Child(path, false)) {
            assertThat(child.line()).isEqualTo("open.");
        }
    }

    @Test
    void isReadByNobodyWhoUsesItToo() throws Exception {
        try (Child child = new Child(path, false)) {
            assertThat(child.line()).isEqualTo("open.");
            assertThatThrownBy(folder::lockToRead)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is in use by process " + child.pid() + " started at 2");
        }
        Closeable lock = folder.lockToRead();
        try {
            assertThatThrownBy(folder::lock).hasMessageContaining("this process");
            assertThatThrownBy(folder::lockToRead).hasMessageContaining("this process");
            try (Child child = new Child(path, false)) {
                assertThat(child.line()).contains("in use by process");
            }
        } finally {
            lock.close();
        }
        folder.lock().close();
    }

    @Test
    void isNotChangedByWhoReadsIt() throws IOException {
        folder.lockToRead().close();
        assertThat(folder.list()).isEmpty();
        assertThatThrownBy(() -> folder.openToRead("file")).isInstanceOf(FileNotFoundException.class);
        assertThat(folder.list()).isEmpty();
        assertThatThrownBy(() -> DiskFolder.find(path.resolve("other"))).hasMessageContaining("there is no folder");
        assertThat(DiskFolder.find(path).list()).isEmpty();
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
