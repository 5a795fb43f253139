/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The broker in a bare framework: this module owns the framework, the jars in it, and on the command line the JVM. It
 * never speaks MQTT; what it knows of the broker is the name of one configuration.
 */
package io.bascule.launcher;
