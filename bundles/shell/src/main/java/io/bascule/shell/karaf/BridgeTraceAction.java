/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.BridgeTrace;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.OngoingCommand;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeTrace}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-trace",
        description = BridgeTrace.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeTrace.EXAMPLE)
public final class BridgeTraceAction extends OngoingAction {
    @Argument(name = "name", description = BridgeInfo.NAME)
    @Completion(BridgeNameCompleter.class)
    private String name;

    @Option(name = "--seconds", aliases = "-s", description = BridgeTrace.SECONDS)
    private String seconds;

    @Override
    OngoingCommand command() {
        return BridgeTrace.of(name, seconds);
    }
}
