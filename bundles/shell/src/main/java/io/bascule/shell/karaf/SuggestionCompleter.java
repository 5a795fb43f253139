/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.api.Bridge;
import io.bascule.api.BridgeHistory;
import io.bascule.api.Broker;
import io.bascule.api.DeletedBridges;
import io.bascule.shell.command.Suggestions;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;

/** Completes with what there is now. */
abstract class SuggestionCompleter implements Completer {
    private final Suggestions suggestions;

    @Reference(optional = true)
    private Broker broker;

    @Reference(optional = true)
    private List<Bridge> bridges;

    @Reference(optional = true)
    private BridgeHistory history;

    @Reference(optional = true)
    private DeletedBridges deletedBridges;

    SuggestionCompleter(Suggestions suggestions) {
        this.suggestions = suggestions;
    }

    @Override
    public final int complete(Session session, CommandLine commandLine, List<String> candidates) {
        String typed = commandLine.getCursorArgument();
        String beginning = typed == null ? "" : typed.substring(0, commandLine.getArgumentPosition());
        candidates.addAll(suggestions.of(
                MqttAction.services(broker, List.of(), bridges, history, deletedBridges, null), beginning));
        return commandLine.getBufferPosition() - commandLine.getArgumentPosition();
    }
}
