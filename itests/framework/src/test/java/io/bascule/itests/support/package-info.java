/* SPDX-License-Identifier: Apache-2.0 */
/** What the tests share: the framework they run in, books of messages, the residue detector, and waiting without sleeping. */
package io.bascule.itests.support;
