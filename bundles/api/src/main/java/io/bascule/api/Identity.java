/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.Optional;
import java.util.Set;

/**
 * Who somebody has proved to be.
 *
 * @param userName empty for anonymous
 * @param groups that rights may be given to
 */
public record Identity(Optional<String> userName, Set<String> groups) {
    /** Somebody whom nobody asked. */
    public static final Identity ANONYMOUS = new Identity(Optional.empty(), Set.of());

    public Identity {
        groups = Set.copyOf(groups);
    }

    /** A user without groups. */
    public static Identity of(String userName) {
        return new Identity(Optional.of(userName), Set.of());
    }
}
