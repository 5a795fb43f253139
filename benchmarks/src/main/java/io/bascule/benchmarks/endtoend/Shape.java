/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

/**
 * How many clients there are and what they send each other.
 *
 * @param version of MQTT: 4 is 3.1.1
 * @param qos of publishing and of subscribing
 * @param payload bytes, {@link #LEAST_PAYLOAD} at least
 * @param window messages of one publisher at most that their subscribers do not have yet
 */
record Shape(Topology topology, int publishers, int subscribers, int version, int qos, int payload, int window) {
    /** When a message was due, who publishes it and its number. */
    static final int LEAST_PAYLOAD = Long.BYTES + Integer.BYTES + Integer.BYTES;

    static Shape of(Topology topology, int publishers, int subscribers, int window, int qos) {
        return new Shape(topology, publishers, subscribers, 4, qos, LEAST_PAYLOAD, window);
    }

    Shape withPayload(int bytes) {
        return new Shape(topology, publishers, subscribers, version, qos, bytes, window);
    }

    Shape withVersion5() {
        return new Shape(topology, publishers, subscribers, 5, qos, payload, window);
    }

    /** How many copies of each message are to arrive. */
    int copies() {
        return topology.copies(this);
    }
}
