/* SPDX-License-Identifier: Apache-2.0 */
/** What bridges lose, what they cost, and what everyone else feels of them, measured end to end with processes of their own. */
package io.bascule.benchmarks.bridge;
