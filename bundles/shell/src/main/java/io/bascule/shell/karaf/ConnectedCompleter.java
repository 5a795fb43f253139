/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Suggestions;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Suggestions#CONNECTED}. */
@Service
public final class ConnectedCompleter extends SuggestionCompleter {
    public ConnectedCompleter() {
        super(Suggestions.CONNECTED);
    }
}
