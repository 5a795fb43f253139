/* SPDX-License-Identifier: Apache-2.0 */
/** Bridges to brokers that are not ours. */
package io.bascule.itests.bridge;
