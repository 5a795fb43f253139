/* SPDX-License-Identifier: Apache-2.0 */
/** The house as a whole: its bundles resolve, its components come up, and nobody goes through a wall. */
package io.bascule.itests.house;
