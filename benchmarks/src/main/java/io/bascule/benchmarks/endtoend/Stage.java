/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

import io.bascule.benchmarks.support.Server;

/**
 * Where a scenario plays: a broker that has run hot, and a loop with clients of nobody else.
 *
 * @param name what the names of its clients begin with, for this scenario on this broker alone
 * @param nanos how long to measure, where that is not until a number of messages has arrived
 */
record Stage(Server server, Loop loop, String name, long nanos) {
    Identity identity(String role, int index, int version, boolean clean) {
        return new Identity(name + role + index, version, clean);
    }
}
