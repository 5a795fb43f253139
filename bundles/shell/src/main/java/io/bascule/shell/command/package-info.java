/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the console commands do. Nothing here knows which shell asks: a command is a value made from what was typed, and
 * is run on the services that are there.
 */
package io.bascule.shell.command;
