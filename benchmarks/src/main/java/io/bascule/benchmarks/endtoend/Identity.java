/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.endtoend;

/**
 * As whom a client connects.
 *
 * @param version of MQTT: 4 is 3.1.1
 * @param clean whether there is to be nothing of an earlier session, and nothing left of this one
 */
record Identity(String clientId, int version, boolean clean) {}
