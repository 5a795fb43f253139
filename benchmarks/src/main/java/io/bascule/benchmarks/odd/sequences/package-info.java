/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The sequences, by what they are odd in. Reason codes are those that the 5.0 specification names; where it names none, or where a fault may
 * be seen as malformed as well as out of order, several are right.
 */
package io.bascule.benchmarks.odd.sequences;
