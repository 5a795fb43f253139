/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.karaf;

import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Help;
import io.bascule.shell.command.StoreDetails;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@link StoreDetails}. */
@Service
@Command(
        scope = "mqtt",
        name = "store",
        description = StoreDetails.SUMMARY,
        detailedDescription = Help.EXAMPLE + StoreDetails.EXAMPLE)
public final class StoreAction extends AnsweringAction {

    @Override
    ConsoleCommand command() {
        return new StoreDetails();
    }
}
