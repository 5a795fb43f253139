/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process holds and has done, as the machine tells; NaN where there is no /proc. */
public record Vitals(long pid) {

    /** Memory that it holds of the machine's, in MiB. */
    public double residentMiB() throws IOException {
        return figure("status", "VmRSS") / 1024;
    }

    /** Bytes that it has had written to disks, also those that were still in the system's cache when their file was deleted. */
    public double writtenBytes() throws IOException {
        return figure("io", "write_bytes");
    }

    /** What the heap of a JVM has after a full collection, in MiB, as {@code jcmd} of this JVM tells. */
    public double liveHeapMiB() throws IOException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher matcher = Pattern.compile("Total\\s+\\d+\\s+(\\d+)").matcher(histogram);
        if (!matcher.find()) {
            throw new IOException("jcmd says: " + histogram);
        }
        return Long.parseLong(matcher.group(1)) / (double) (1 << 20);
    }

    private double figure(String file, String name) throws IOException {
        Path path = Path.of("/proc/" + pid + "/" + file);
        if (!Files.exists(path)) {
            return Double.NaN;
        }
        for (String line : Files.readAllLines(path)) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return Double.NaN;
    }
}
