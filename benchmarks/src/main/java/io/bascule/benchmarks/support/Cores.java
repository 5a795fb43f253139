/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Who runs on which processor: the broker on the first and the generator on the second, where {@code taskset} is there. */
public record Cores(List<String> brokerPrefix, String description) {
    private static final Cores SHARED = new Cores(
            List.of(), "broker and generator share all processors: taskset and two processors are needed to part them");

    /** Moves this process to the second processor, and says how to start the broker on the first. */
    public static Cores divide(boolean wanted) throws IOException, InterruptedException {
        if (!wanted) {
            return new Cores(List.of(), "broker and generator share all processors (pin=false)");
        }
        List<Integer> allowed = allowed();
        if (allowed.size() < 2) {
            return SHARED;
        }
        int first = allowed.get(0);
        int second = allowed.get(1);
        String self = String.valueOf(ProcessHandle.current().pid());
        if (!succeeds("taskset", "-a", "-c", "-p", String.valueOf(second), self)) {
            return SHARED;
        }
        return new Cores(
                List.of("taskset", "-c", String.valueOf(first)),
                "broker on processor " + first + " alone, generator on " + second + " (taskset)");
    }

    /**
     * Makes a running thread of this process run only while no other one wants to: those who measure are not to wait for those who make
     * the load. Returns whether that was possible.
     *
     * @param thread its name, of 15 characters at most
     */
    public static boolean yieldToAll(String thread) throws IOException, InterruptedException {
        Path tasks = Path.of("/proc/self/task");
        if (!Files.isDirectory(tasks)) {
            return false;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                if (Files.readString(task.resolve("comm")).strip().equals(thread)) {
                    return succeeds(
                            "chrt", "--idle", "--pid", "0", task.getFileName().toString());
                }
            }
        }
        return false;
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    /** The processors that this process may use, such as 0 and 2 of {@code 0,2-3}: the first two. */
    private static List<Integer> allowed() throws IOException {
        Path status = Path.of("/proc/self/status");
        List<Integer> allowed = new ArrayList<>();
        if (Files.exists(status)) {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("Cpus_allowed_list:")) {
                    for (String range :
                            line.substring(line.indexOf(':') + 1).strip().split(",")) {
                        String[] ends = range.split("-");
                        for (int cpu = Integer.parseInt(ends[0]);
                                cpu <= Integer.parseInt(ends[ends.length - 1]);
                                cpu++) {
                            allowed.add(cpu);
                        }
                    }
                }
            }
        }
        return allowed;
    }
}
