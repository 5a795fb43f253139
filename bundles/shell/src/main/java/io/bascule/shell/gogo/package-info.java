/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The commands in a plain Gogo shell: the launcher's, or a gateway's. Where Karaf's shell is there this stays away, since
 * Karaf lists Gogo's commands beside its own.
 */
package io.bascule.shell.gogo;
