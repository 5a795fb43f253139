/* SPDX-License-Identifier: Apache-2.0 */
/** How soon a broker is there, and what it takes before anybody has asked for anything. */
package io.bascule.benchmarks.start;
