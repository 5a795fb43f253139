/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What messages take at half of what the broker can move: its most in a closed loop first, then an open loop at half of that. */
record HalfLoad(String name, Shape shape) implements Scenario {
    private static final long TO_FIND_THE_MOST = TimeUnit.MILLISECONDS.toNanos(1_000);

    @Override
    public List<Figure> play(Stage stage) throws IOException {
        Exchange exchange = new Exchange(stage, shape);
        Pace closed = exchange.closedLoop();
        exchange.goOn(closed, Traffic.WARM_UP);
        Figure most = exchange.measure("", closed, TO_FIND_THE_MOST);
        Pace.Schedule half = exchange.openLoop(most.perSecond() / 2);
        exchange.goOn(half, Traffic.WARM_UP);
        half.forgetLateness();
        return List.of(exchange.measure(name, half, stage.nanos()).sentLate(half.lateness()));
    }
}
