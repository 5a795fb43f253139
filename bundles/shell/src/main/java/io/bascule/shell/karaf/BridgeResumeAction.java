/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.BridgeResume;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BridgeResume}. */
@Service
@Command(
        scope = "mqtt",
        name = "bridge-resume",
        description = BridgeResume.SUMMARY,
        detailedDescription = Help.EXAMPLE + BridgeResume.EXAMPLE)
public final class BridgeResumeAction extends AnsweringAction {
    @Argument(name = "name", description = BridgeInfo.NAME)
    @Completion(BridgeNameCompleter.class)
    private String name;

    @Argument(index = 1, name = "direction", description = Help.DIRECTION)
    @Completion(DirectionCompleter.class)
    private String direction;

    @Override
    ConsoleCommand command() {
        return BridgeResume.of(name, direction);
    }
}
