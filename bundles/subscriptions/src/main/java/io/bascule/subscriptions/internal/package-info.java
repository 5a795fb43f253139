/* SPDX-License-Identifier: Apache-2.0 */
/** The radix tree behind {@link io.bascule.subscriptions.SubscriptionTree}. */
package io.bascule.subscriptions.internal;
