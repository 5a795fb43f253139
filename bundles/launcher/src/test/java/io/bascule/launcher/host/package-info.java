/* SPDX-License-Identifier: Apache-2.0 */
/** A program with the broker on its class path: what docs/embedding.md shows of it is taken from here. */
package io.bascule.launcher.host;
