/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Help;
import io.bascule.shell.command.OngoingCommand;
import io.bascule.shell.command.Subscribe;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** {@link Subscribe}. */
@Service
@Command(
        scope = "mqtt",
        name = "subscribe",
        description = Subscribe.SUMMARY,
        detailedDescription = Help.EXAMPLE + Subscribe.EXAMPLE + "\n" + Help.QUOTING)
public final class SubscribeAction extends OngoingAction {
    @Argument(name = "filter", description = Help.FILTER)
    @Completion(FilterCompleter.class)
    private String filter;

    @Option(name = "--qos", aliases = "-q", description = Help.QOS, valueToShowInHelp = "")
    @Completion(
            value = StringsCompleter.class,
            values = {"0", "1", "2"})
    private String qos = "0";

    @Override
    OngoingCommand command() {
        return Subscribe.of(filter, qos);
    }
}
