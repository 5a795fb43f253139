/* SPDX-License-Identifier: Apache-2.0 */
/** Owns docs/conformance.md: which test shows which normative statement of MQTT. It reads class files and runs nothing of what it reads. */
package io.bascule.itests.conformance;
