/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.start;

import io.bascule.benchmarks.support.MqttSocket;
import io.bascule.benchmarks.support.Vitals;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A broker as its user starts it, once or again and again on the same folder.
 *
 * @param name for people
 * @param folder where it runs, and where its output goes
 * @param environment variables besides those of this process
 * @param address where it is configured to listen
 */
record Program(
        String name, Path folder, List<String> command, Map<String, String> environment, InetSocketAddress address) {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long TO_STOP_SECONDS = 30;

    /** What one start took: time to the CONNACK of a client that comes every 5 ms, processor time until then, and MiB that it held after a rest. */
    record Figures(double seconds, double cpuSeconds, double residentMiB) {}

    /** Starts it, lets it rest and stops it. */
    Figures start(Duration rest) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("output").toFile()));
        builder.environment().putAll(environment);
        long begin = System.nanoTime();
        Process process = builder.start();
        try {
            connect(process, begin + PATIENCE_NANOS);
            double seconds = (System.nanoTime() - begin) / 1e9;
            double cpuSeconds =
                    process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
            TimeUnit.NANOSECONDS.sleep(rest.toNanos());
            return new Figures(seconds, cpuSeconds, new Vitals(process.pid()).residentMiB());
        } finally {
            process.destroy();
            if (!process.waitFor(TO_STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private void connect(Process process, long deadline) throws IOException {
        while (true) {
            try {
                MqttSocket.open(address, "first", "", 0, 0).close();
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    throw new IOException(name + " does not listen; its output is in " + folder, e);
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }
}
