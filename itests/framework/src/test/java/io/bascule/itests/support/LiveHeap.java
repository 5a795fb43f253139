/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What the heap holds after garbage collections, against the number of cycles gone through. Without the literals of classes: the compiler
 * makes them when it comes across them, hundreds in a thousand cycles, and they are weakly held.
 */
public final class LiveHeap {
    private static final Pattern LITERALS = Pattern.compile("Number of literals *: *\\d+ = *(\\d+) bytes");

    private final List<Sample> samples = new ArrayList<>();

    private record Sample(long cycle, long bytes) {}

    /** Measures it after so many cycles. */
    public void sample(long cycle) {
        add(cycle, Memory.liveHeap() - literals());
    }

    private static long literals() {
        try {
            String table = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmStringtable",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            return LITERALS.matcher(table)
                    .results()
                    .mapToLong(found -> Long.parseLong(found.group(1)))
                    .sum();
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Notes a measurement. */
    void add(long cycle, long bytes) {
        samples.add(new Sample(cycle, bytes));
    }

    /** By how much it grows: the median of the slopes between all pairs of samples (Theil and Sen), which a few outliers do not move. */
    public double bytesPerCycle() {
        List<Double> slopes = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            for (int j = i + 1; j < samples.size(); j++) {
                Sample from = samples.get(i);
                Sample to = samples.get(j);
                slopes.add((to.bytes - from.bytes) / (double) (to.cycle - from.cycle));
            }
        }
        slopes.sort(null);
        int middle = slopes.size() / 2;
        return slopes.size() % 2 == 1 ? slopes.get(middle) : (slopes.get(middle - 1) + slopes.get(middle)) / 2;
    }

    @Override
    public String toString() {
        return samples.get(0).bytes / 1024 + " KiB to " + samples.get(samples.size() - 1).bytes / 1024 + " KiB, "
                + Math.round(bytesPerCycle()) + " B a cycle";
    }
}
