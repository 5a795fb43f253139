/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Suggestions;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Suggestions#USERS}. */
@Service
public final class UserCompleter extends SuggestionCompleter {
    public UserCompleter() {
        super(Suggestions.USERS);
    }
}
