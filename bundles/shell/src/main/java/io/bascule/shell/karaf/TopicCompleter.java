/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Suggestions;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Suggestions#TOPICS}. */
@Service
public final class TopicCompleter extends SuggestionCompleter {
    public TopicCompleter() {
        super(Suggestions.TOPICS);
    }
}
