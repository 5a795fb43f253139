/* SPDX-License-Identifier: Apache-2.0 */
/** Owns the annotation that binds tests to the normative statements of MQTT. It depends on nothing and never ships. */
package io.bascule.itests.statements;
