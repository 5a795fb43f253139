/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

/**
 * What a broker must not do.
 *
 * @param lost messages that did not arrive
 * @param duplicated those that arrived again, whatever their QoS: no connection was lost
 * @param reordered those that arrived after a later one of the same publisher
 * @param disconnected connections that the broker ended
 */
record Faults(long lost, long duplicated, long reordered, long disconnected) {
    static final Faults NONE = new Faults(0, 0, 0, 0);

    Faults plus(Faults other) {
        return new Faults(
                lost + other.lost,
                duplicated + other.duplicated,
                reordered + other.reordered,
                disconnected + other.disconnected);
    }

    @Override
    public String toString() {
        String text = lost + " lost, " + duplicated + " duplicated, " + reordered + " out of order";
        return disconnected == 0 ? text : text + ", " + disconnected + " connections ended by it";
    }
}
