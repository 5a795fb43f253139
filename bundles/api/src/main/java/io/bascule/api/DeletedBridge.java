/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.time.Instant;
import java.util.Optional;

/**
 * A bridge whose configuration was deleted and whose sessions have not ended yet, at one moment.
 *
 * @param name from its configuration's file name
 * @param since when it was deleted
 * @param until when its sessions end; past where only the remote one is still to be ended
 * @param queue what waits in the local session
 * @param remote the session that the bundle still has to end at the remote broker, such as {@code gateway-7 at mqtt://far:1883}; empty where
 *     that broker ends it by itself
 */
public record DeletedBridge(String name, Instant since, Instant until, QueueInfo queue, Optional<String> remote) {}
