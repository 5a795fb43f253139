/* SPDX-License-Identifier: Apache-2.0 */
/** Owns the hostile remote broker, and what tells whether a bridge to it disturbs anybody. It never speaks to a broker that is not ours. */
package io.bascule.itests.hostile;
