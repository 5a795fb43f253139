/* SPDX-License-Identifier: Apache-2.0 */
/** The Karaf distribution as an operator gets it: its archive, its scripts, its console and its files. */
package io.bascule.itests.karaf;
