/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.Help;
import io.bascule.shell.command.OngoingCommand;
import io.bascule.shell.command.Top;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Top}. */
@Service
@Command(scope = "mqtt", name = "top", description = Top.SUMMARY, detailedDescription = Help.EXAMPLE + Top.EXAMPLE)
public final class TopAction extends OngoingAction {
    @Option(name = "--count", aliases = "-c", description = Top.COUNT)
    private String count;

    @Override
    OngoingCommand command() {
        return Top.of(count);
    }
}
