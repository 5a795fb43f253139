/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.session;

import io.bascule.api.Subscription;

/** A subscription in the tree: whose it is and what was asked. */
public record SessionSubscription(ClientSession session, Subscription subscription) {}
