/* SPDX-License-Identifier: Apache-2.0 */
/** What several programs here need: a broker as a process of its own, a light MQTT connection, latencies, arguments. */
package io.bascule.benchmarks.support;
