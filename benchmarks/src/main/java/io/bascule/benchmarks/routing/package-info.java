/* SPDX-License-Identifier: Apache-2.0 */
/** What a message costs in the broker itself, between a transport and a store that do nothing. */
package io.bascule.benchmarks.routing;
