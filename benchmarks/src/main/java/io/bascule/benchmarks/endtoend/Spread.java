/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import java.util.Arrays;

/** The values of several rounds: their median, and from where to where they go. */
record Spread(double... values) {
    double median() {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    @Override
    public String toString() {
        double least = Arrays.stream(values).min().orElse(Double.NaN);
        double most = Arrays.stream(values).max().orElse(Double.NaN);
        return digits(median()) + " (" + digits(least) + "–" + digits(most) + ")";
    }

    /** Three digits that count. */
    static String digits(double value) {
        if (value >= 100) {
            return String.format("%,.0f", value);
        }
        return String.format(value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f", value);
    }
}
