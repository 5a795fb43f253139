/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.odd;

/**
 * What one broker did in one sequence.
 *
 * @param did what came, in one line
 */
public record Outcome(Verdict verdict, String did) {}
