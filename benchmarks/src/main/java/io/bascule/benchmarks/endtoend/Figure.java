/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Histogram;

/**
 * What one round of a scenario, or of one part of it, says of one broker.
 *
 * @param row the scenario, and the part
 * @param costPerMillion processor seconds of the broker per million messages that arrived
 * @param perSecond messages that arrived
 * @param brokerBusy the broker's share of one processor
 * @param generatorBusy that of this process
 * @param latencies from when messages were due until they arrived; empty where that says nothing
 * @param lateness by how much the generator was late to send them; empty in a closed loop
 */
record Figure(
        String row,
        double costPerMillion,
        double perSecond,
        double brokerBusy,
        double generatorBusy,
        Histogram latencies,
        Histogram lateness,
        Faults faults) {
    Figure sentLate(Histogram byHowMuch) {
        return new Figure(row, costPerMillion, perSecond, brokerBusy, generatorBusy, latencies, byHowMuch, faults);
    }
}
