/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Suggestions;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Suggestions#DELETED_BRIDGES}. */
@Service
public final class DeletedBridgeCompleter extends SuggestionCompleter {
    public DeletedBridgeCompleter() {
        super(Suggestions.DELETED_BRIDGES);
    }
}
