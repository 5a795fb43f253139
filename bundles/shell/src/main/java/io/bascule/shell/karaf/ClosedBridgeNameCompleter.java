/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Suggestions;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Suggestions#BRIDGES}. */
@Service
public final class ClosedBridgeNameCompleter extends SuggestionCompleter {
    public ClosedBridgeNameCompleter() {
        super(Suggestions.CLOSED_BRIDGES);
    }
}
