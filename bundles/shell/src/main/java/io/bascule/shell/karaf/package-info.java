/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The commands in Karaf's shell, with its tables and its completion. Loaded by Karaf alone: elsewhere its packages are
 * missing, and nothing asks for these classes.
 */
package io.bascule.shell.karaf;
