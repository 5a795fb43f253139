/* SPDX-License-Identifier: Apache-2.0 */
/** What an edited bridge loses, and what everyone else feels of it, measured end to end with processes of their own. */
package io.bascule.benchmarks.bridge;
