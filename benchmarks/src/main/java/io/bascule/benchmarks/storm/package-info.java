/* SPDX-License-Identifier: Apache-2.0 */
/** What steady clients feel of those who come and go in masses or do not read, measured end to end against a broker in a process of its own. */
package io.bascule.benchmarks.storm;
