/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A writer and a reader of MQTT packets that know no rule: what is wrong can be written, and whatever comes is read as far as it goes. It
 * shares no line with the broker's own codec, so that a mistake there is not made twice.
 */
package io.bascule.benchmarks.odd.wire;
