/* SPDX-License-Identifier: Apache-2.0 */
/** The store that keeps nothing: what the broker uses where no other {@code MessageStore} is there. */
package io.bascule.broker.store;
