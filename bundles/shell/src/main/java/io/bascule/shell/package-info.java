/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Karaf console commands: this bundle owns how the broker is shown and operated on the console, and checks what an
 * operator enters before it writes a configuration file. It never holds state of the broker and never reaches past the
 * API.
 */
package io.bascule.shell;
