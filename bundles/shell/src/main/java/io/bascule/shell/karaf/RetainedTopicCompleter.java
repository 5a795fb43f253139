/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Suggestions;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Suggestions#RETAINED}. */
@Service
public final class RetainedTopicCompleter extends SuggestionCompleter {
    public RetainedTopicCompleter() {
        super(Suggestions.RETAINED);
    }
}
