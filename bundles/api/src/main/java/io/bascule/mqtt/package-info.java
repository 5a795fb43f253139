/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The words of MQTT as immutable values: topics, filters, messages, reason codes. No service, no I/O, no reference counts.
 * Everything here may be shared between threads.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package io.bascule.mqtt;
