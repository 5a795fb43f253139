/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** As many messages as a closed loop lets through. */
record Traffic(String name, Shape shape) implements Scenario {
    static final long WARM_UP = TimeUnit.MILLISECONDS.toNanos(1_000);

    @Override
    public List<Figure> play(Stage stage) throws IOException {
        Exchange exchange = new Exchange(stage, shape);
        Pace pace = exchange.closedLoop();
        exchange.goOn(pace, WARM_UP);
        return List.of(exchange.measure(name, pace, stage.nanos()));
    }

    @Override
    public boolean wantsVersion5() {
        return shape.version() == Encoding.VERSION_5;
    }
}
