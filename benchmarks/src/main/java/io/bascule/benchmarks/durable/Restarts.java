/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.durable;

import io.bascule.benchmarks.support.MqttSocket;
import io.bascule.benchmarks.support.Server;
import java.io.IOException;

/** How long a broker is away. */
final class Restarts {
    private Restarts() {}

    /** Starts it, and returns the milliseconds until a client that comes at once has its CONNACK. */
    static double millis(Server server) throws IOException {
        long begin = System.nanoTime();
        server.start();
        MqttSocket.open(server.address(), "first", "", 0, 0).close();
        return (System.nanoTime() - begin) / 1e6;
    }
}
