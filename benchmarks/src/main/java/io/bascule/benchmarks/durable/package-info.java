/* SPDX-License-Identifier: Apache-2.0 */
/** What it costs a broker to keep what it acknowledges, and what is there again when it was killed, measured end to end beside others. */
package io.bascule.benchmarks.durable;
