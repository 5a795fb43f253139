/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a client may do or not. */
enum Action {
    PUBLISH,
    RECEIVE,
    SUBSCRIBE;

    /** Every one of them. */
    static final Set<Action> ALL = Set.copyOf(EnumSet.allOf(Action.class));

    /** As it stands in a file. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
