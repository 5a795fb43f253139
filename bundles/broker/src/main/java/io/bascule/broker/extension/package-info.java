/* SPDX-License-Identifier: Apache-2.0 */
/** What other bundles plug into the broker: who may come in, what they may do, and what becomes of their messages. */
package io.bascule.broker.extension;
