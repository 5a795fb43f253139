/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.BanList;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link BanList}. */
@Service
@Command(
        scope = "mqtt",
        name = "bans",
        description = BanList.SUMMARY,
        detailedDescription = Help.EXAMPLE + BanList.EXAMPLE)
public final class BanListAction extends AnsweringAction {

    @Override
    ConsoleCommand command() {
        return new BanList();
    }
}
