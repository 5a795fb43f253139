/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The relay: a local session and a remote one back to back on one event loop. Packet identifiers pass through it unchanged, so that every
 * promise is kept by the two sessions and none by the relay, which may end at any moment and begin again.
 */
package io.bascule.bridge.link;
