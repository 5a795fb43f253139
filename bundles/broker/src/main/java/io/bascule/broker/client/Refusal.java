/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.mqtt.ReasonCode;

/**
 * Why somebody is not served.
 *
 * @param what one sentence for the log
 */
record Refusal(ReasonCode reason, String what) {}
