/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Suggestions;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Suggestions#FILTERS}. */
@Service
public final class FilterCompleter extends SuggestionCompleter {
    public FilterCompleter() {
        super(Suggestions.FILTERS);
    }
}
