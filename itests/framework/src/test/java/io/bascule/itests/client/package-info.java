/* SPDX-License-Identifier: Apache-2.0 */
/** Real clients in this JVM: HiveMQ's, behind one face for MQTT 3.1.1 and 5.0, and a bare socket for what no client does. */
package io.bascule.itests.client;
