/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The same random sequences, by two clients, on this broker and on Mosquitto: what the clients get has to be the same. What is not stands in
 * {@link io.bascule.itests.differential.KnownDifference}, with the statement of the specification that says who is right.
 */
package io.bascule.itests.differential;
