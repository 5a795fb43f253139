/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import java.util.Set;

/**
 * One line of an ACL file.
 *
 * @param line counted from 1
 * @param text the line itself
 * @param allow whether it gives or takes
 * @param actions what it is about
 * @param who whom it is about
 * @param pattern where
 */
record Rule(int line, String text, boolean allow, Set<Action> actions, Who who, Pattern pattern) {
    boolean isAbout(Action action) {
        return actions.contains(action);
    }
}
