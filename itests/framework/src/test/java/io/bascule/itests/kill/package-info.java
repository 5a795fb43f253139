/* SPDX-License-Identifier: Apache-2.0 */
/** The whole broker killed at any moment, in a process of its own, while the books of what it has acknowledged are kept out here. */
package io.bascule.itests.kill;
