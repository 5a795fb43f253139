/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

/** A subscription and the client whose it is. */
public record SubscriptionInfo(String clientId, Subscription subscription) {}
