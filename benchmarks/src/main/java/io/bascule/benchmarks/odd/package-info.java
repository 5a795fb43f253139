/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The same odd packet sequences for several brokers side by side, and what the specification says of each. The expectation of a sequence is
 * a predicate, so that nobody is judged by hand. A server may do more than one thing in most cases: then all of them are right.
 */
package io.bascule.benchmarks.odd;
