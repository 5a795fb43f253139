/* SPDX-License-Identifier: Apache-2.0 */
/**
 * MQTT topics as events of the Typed Event Service and back, one adapter per configuration: this bundle owns the handlers that it meets the
 * event bus with. It never maps a topic or holds a message itself; what both directions do is the API's {@code io.bascule.event}.
 */
package io.bascule.typedevent;
