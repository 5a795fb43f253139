/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

/** A will, in force. */
record Will(Text text, long delay) {}
