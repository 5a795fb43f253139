/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import java.util.List;
import java.util.Optional;

/**
 * What a listener's configuration says of its clients.
 *
 * @param name the listener's
 * @param maximumPacketSize the largest packet that it accepts, in bytes
 * @param allowAnonymous whether a client is let in that shows nothing by which it could be known
 * @param authenticators those who say who its clients are, by the names of their services, in the order in which they are asked; empty for all that
 *     there are
 * @param authorizers those who say what its clients may do, likewise
 */
public record ListenerTerms(
        String name,
        int maximumPacketSize,
        boolean allowAnonymous,
        Optional<List<String>> authenticators,
        Optional<List<String>> authorizers) {}
