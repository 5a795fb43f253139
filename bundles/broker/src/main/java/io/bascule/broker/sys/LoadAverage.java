/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.sys;

import java.time.Duration;

/** How fast a counter runs, in counts a minute, as a moving average that forgets exponentially. For use by one thread. */
final class LoadAverage {
    private final double windowSeconds;
    private double perMinute;

    /** An average of 0 over this time. */
    LoadAverage(Duration window) {
        this.windowSeconds = window.toSeconds();
    }

    /** So many more were counted in so many seconds. */
    void add(long count, double seconds) {
        double now = count * 60 / seconds;
        double kept = Math.exp(-seconds / windowSeconds);
        perMinute = now + kept * (perMinute - now);
    }

    double perMinute() {
        return perMinute;
    }
}
