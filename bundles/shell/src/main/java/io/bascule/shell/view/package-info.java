/* SPDX-License-Identifier: Apache-2.0 */
/** Answers of commands as values, and their two renderings: text for people, JSON for programs. */
package io.bascule.shell.view;
