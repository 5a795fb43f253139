/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/** What else the machine and the generator were doing: a figure from a busy one is worth little. */
public final class Load {
    private Load() {}

    /** The machine's load average of the last minute, for people. */
    public static String now() {
        return String.format(
                "%.2f on %d processors",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.getRuntime().availableProcessors());
    }

    /** One sentence on both, at the end of a run. */
    public static String account(String before) {
        long pauses = 0;
        long millis = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            pauses += collector.getCollectionCount();
            millis += collector.getCollectionTime();
        }
        return "load average before " + before + ", after " + now() + "; the generator itself paused " + pauses
                + " times for " + millis + " ms in all to collect garbage";
    }
}
