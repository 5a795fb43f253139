/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import java.io.IOException;
import java.util.List;

/** One thing to do with a broker. */
interface Scenario {
    /** What it says, in the order of its rows. */
    List<Figure> play(Stage stage) throws IOException;

    /** Whether it takes MQTT 5.0. */
    default boolean wantsVersion5() {
        return false;
    }
}
