/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The console commands of scope {@code mqtt}: this bundle owns how the broker is shown and operated on a console, as
 * text and as JSON. It never holds state of the broker and never reaches past the API.
 *
 * <p>What a command does is in {@code command}, what it answers in {@code view}; {@code karaf} and {@code gogo} only
 * read what was typed and print the answer.
 */
package io.bascule.shell;
