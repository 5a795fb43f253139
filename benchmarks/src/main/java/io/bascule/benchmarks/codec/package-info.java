/* SPDX-License-Identifier: Apache-2.0 */
/** What it costs to read and to write the packets of the hot path, beside netty-codec-mqtt. */
package io.bascule.benchmarks.codec;
