/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Supplier;

/** A clock that says what the test wants it to. */
final class FakeClock extends Clock {
    private Supplier<Instant> now;

    /** That stands still until it is set. */
    FakeClock(String instant) {
        set(instant);
    }

    /** That goes as this does. */
    FakeClock(Supplier<Instant> now) {
        this.now = now;
    }

    void set(String instant) {
        Instant it = Instant.parse(instant);
        now = () -> it;
    }

    @Override
    public ZoneId getZone() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Instant instant() {
        return now.get();
    }
}
