/* SPDX-License-Identifier: Apache-2.0 */
/** Owns the annotations that bind tests to the normative statements of MQTT and to the vulnerabilities of others. They depend on nothing and never ship. */
package io.bascule.itests.statements;
