/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What an adapter between MQTT topics and an event service of the framework is made of: the keys under which a message stands in an event,
 * the routes by which topics become one another, and the session that carries both within bounds. It knows no event service, and logs
 * nothing. No bundle exports it: each adapter carries a copy of its own.
 */
package io.bascule.event;
