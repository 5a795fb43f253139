/* SPDX-License-Identifier: Apache-2.0 */
/** Who may come in and what he may do then, seen by Mosquitto's clients. */
package io.bascule.itests.security;
