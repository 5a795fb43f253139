/* SPDX-License-Identifier: Apache-2.0 */
/** What a message costs a broker, how many it moves and how long they take, in scenarios that have names, beside other brokers. */
package io.bascule.benchmarks.endtoend;
