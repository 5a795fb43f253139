/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.Unban;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link Unban}. */
@Service
@Command(
        scope = "mqtt",
        name = "unban",
        description = Unban.SUMMARY,
        detailedDescription = Help.EXAMPLE + Unban.EXAMPLE)
public final class UnbanAction extends AnsweringAction {
    @Argument(name = "address", description = Unban.ADDRESS)
    @Completion(BannedAddressCompleter.class)
    private String address;

    @Argument(index = 1, name = "user or client", description = Unban.NAME)
    private String name;

    @Option(name = "--all", aliases = "-a", description = Unban.ALL)
    private boolean all;

    @Override
    ConsoleCommand command() {
        return Unban.of(address, name, all);
    }
}
