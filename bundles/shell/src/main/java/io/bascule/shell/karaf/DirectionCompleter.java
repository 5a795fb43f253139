/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Suggestions;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Suggestions#DIRECTIONS}. */
@Service
public final class DirectionCompleter extends SuggestionCompleter {
    public DirectionCompleter() {
        super(Suggestions.DIRECTIONS);
    }
}
