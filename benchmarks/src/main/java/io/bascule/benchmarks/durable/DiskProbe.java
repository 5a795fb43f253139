/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.durable;

import io.bascule.benchmarks.support.Folders;
import io.bascule.benchmarks.support.Histogram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the disk itself takes, below all brokers. */
final class DiskProbe {
    private static final int TIMES = 300;
    private static final int BYTES = 300;

    private DiskProbe() {}

    /** One sentence on where brokers keep their files here, and how long it takes to make one message safe. */
    static String describe() throws IOException {
        Path folder = Files.createTempDirectory("disk-probe");
        Histogram latencies = new Histogram();
        String kind = Files.getFileStore(folder).type();
        try (FileChannel file =
                FileChannel.open(folder.resolve("probe"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < TIMES; i++) {
                long begin = System.nanoTime();
                file.write(ByteBuffer.allocate(BYTES));
                file.force(false);
                latencies.record(System.nanoTime() - begin);
            }
        }
        Folders.delete(folder);
        return String.format(
                "files in %s (%s), where %d bytes more are forced in %.2f ms (median), %.2f ms (p99)",
                folder.getParent(), kind, BYTES, latencies.millisAt(0.5), latencies.millisAt(0.99));
    }
}
