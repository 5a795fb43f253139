/* SPDX-License-Identifier: Apache-2.0 */
/**
 * MQTT topics as events of Event Admin and back, one adapter per configuration: this bundle owns the handlers and the thread that it
 * meets Event Admin with. It never maps a topic or holds a message itself; what both directions do is the API's {@code io.bascule.event}.
 */
package io.bascule.eventadmin;
