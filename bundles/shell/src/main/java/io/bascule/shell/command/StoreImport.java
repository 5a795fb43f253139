/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Store.Imported;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Text;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code mqtt:store-import}: brings into the store what another was exported to.
 *
 * @param file on the broker's machine
 * @param skipExisting whether what exists already stays as it is, instead of a refusal
 */
public record StoreImport(Path file, boolean skipExisting) implements OngoingCommand {
    /** For the help of both shells. */
    public static final String SUMMARY =
            "Brings what mqtt:store-export wrote into the store, all of it or nothing; clients are cut off for a moment.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:store-import --skip-existing /tmp/store.jsonl";
    /** For the help of both shells. */
    public static final String FILE = "A file on the broker's machine.";
    /** For the help of both shells. */
    public static final String SKIP_EXISTING =
            "Leaves sessions and retained messages that exist already as they are, instead of refusing the file.";

    /**
     * The import that is asked for.
     *
     * @param file as typed, null when it was left out
     * @throws CommandFailure when it was, or is no path
     */
    public static StoreImport of(String file, boolean skipExisting) {
        if (file == null) {
            throw new CommandFailure("The file to import is missing, as in " + EXAMPLE + ".");
        }
        return new StoreImport(StoreWork.path(file), skipExisting);
    }

    @Override
    public void run(Supplier<Services> services, Console console) {
        Imported imported = StoreWork.await(
                services.get().storeOnDisk().importFrom(file, skipExisting), console, "Nothing is imported");
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("file", file.toString());
        data.put("sessions", imported.sessions());
        data.put("messages", imported.messages());
        data.put("retained", imported.retained());
        data.put("skippedSessions", imported.skippedSessions());
        data.put("skippedRetained", imported.skippedRetained());
        String skipped = imported.skippedSessions() + imported.skippedRetained() == 0
                ? ""
                : " " + Text.count(imported.skippedSessions(), "session") + " and "
                        + Text.count(imported.skippedRetained(), "retained message")
                        + " exist already and stay as they are.";
        console.print(new Sentence(
                "Imported " + StoreWork.counts(imported.sessions(), imported.messages(), imported.retained()) + " from "
                        + file + "." + skipped,
                data));
    }
}
