/* SPDX-License-Identifier: Apache-2.0 */
/** What it costs to keep messages, and to have them back. */
package io.bascule.benchmarks.store;
