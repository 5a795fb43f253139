/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Store;
import io.bascule.api.Store.Exported;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code mqtt:store-export}: writes what the store keeps to a file, a JSON object a line.
 *
 * @param file on the broker's machine
 */
public record StoreExport(String file) implements OngoingCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Writes sessions, what waits in them, and retained messages to a file.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:store-export /tmp/store.jsonl";
    /** For the help of both shells. */
    public static final String FILE = "A file that is not there yet, on the broker's machine.";

    /**
     * The export that is asked for.
     *
     * @param file as typed, null when it was left out
     * @throws CommandFailure when it was
     */
    public static StoreExport of(String file) {
        if (file == null) {
            throw new CommandFailure("The file to write is missing, as in " + EXAMPLE + ".");
        }
        return new StoreExport(file);
    }

    @Override
    public void run(Supplier<Services> services, Console console) {
        Store store = services.get().storeOnDisk();
        NewFile target = NewFile.at(file);
        Exported[] done = new Exported[1];
        target.write(out -> done[0] = StoreWork.await(store.export(out), console, "The store is not exported"));
        Exported exported = done[0];
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("file", target.toString());
        data.put("sessions", exported.sessions());
        data.put("messages", exported.messages());
        data.put("retained", exported.retained());
        data.put("damaged", exported.damaged());
        String damage = exported.damaged() == 0
                ? ""
                : " What is damaged is not in it, in " + Text.count(exported.damaged(), "place")
                        + "; mqtt:store-verify names them.";
        console.print(new Sentence(
                "Wrote " + StoreWork.counts(exported.sessions(), exported.messages(), exported.retained()) + " to "
                        + target + "." + damage,
                data));
    }
}
