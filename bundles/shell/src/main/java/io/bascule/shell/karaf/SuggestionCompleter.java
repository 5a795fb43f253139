/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.CurrentServices;
import io.bascule.shell.command.Suggestions;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;

/** Completes with what there is now. */
abstract class SuggestionCompleter implements Completer {
    private final Suggestions suggestions;

    @Reference
    private CurrentServices services;

    SuggestionCompleter(Suggestions suggestions) {
        this.suggestions = suggestions;
    }

    @Override
    public final int complete(Session session, CommandLine commandLine, List<String> candidates) {
        String typed = commandLine.getCursorArgument();
        String beginning = typed == null ? "" : typed.substring(0, commandLine.getArgumentPosition());
        candidates.addAll(suggestions.of(services.get(), beginning));
        return commandLine.getBufferPosition() - commandLine.getArgumentPosition();
    }
}
