/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Store;
import io.bascule.api.StoreVerification;
import io.bascule.api.StoreVerification.Damage;
import io.bascule.shell.view.ByteCount;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code mqtt:store-verify}: reads all that a store has, and fails where something of it cannot be read.
 *
 * @param folder on the broker's machine; empty for the open store
 */
public record StoreVerify(Optional<Path> folder) implements OngoingCommand {
    /** For the help of both shells. */
    public static final String SUMMARY =
            "Reads all that the store has, and fails where something cannot be read; changes nothing.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:store-verify /backup/store";
    /** For the help of both shells. */
    public static final String FOLDER =
            "A folder on the broker's machine that no broker has open, such as a backup; the open store when it is left out.";

    private static final List<Column<Damage>> DAMAGES = List.of(
            new Column<>("file", "File", Damage::file),
            new Column<>("offset", "Offset", Damage::offset),
            new Column<>("reason", "What is there", Damage::reason));

    /**
     * The store that is to be verified.
     *
     * @param folder as typed, null when it was left out
     * @throws CommandFailure when it is no path
     */
    public static StoreVerify of(String folder) {
        return new StoreVerify(Optional.ofNullable(folder).map(StoreWork::path));
    }

    @Override
    public void run(Supplier<Services> services, Console console) {
        Store store = services.get().storeOnDisk();
        StoreVerification found = StoreWork.await(
                folder.map(store::verify).orElseGet(store::verify), console, "The store is not verified");
        console.print(new Details()
                .with("folder", "Folder", found.folder())
                .with("intact", "Intact", found.damaged() == 0)
                .with("segments", "Segments", found.segments())
                .with("bytes", "  read", new ByteCount(found.bytes()))
                .with("records", "Records", found.records())
                .with("unfinishedBytes", "  cut short", new ByteCount(found.unfinishedBytes()))
                .with("sessions", "Sessions", found.sessions())
                .with("retained", "Retained messages", found.retained())
                .with("queued", "Messages queued", found.queued())
                .with("damaged", "Damaged places", found.damaged())
                .with("damages", "Damage", Table.of(found.damages(), (a, b) -> 0, "None.", DAMAGES)));
        if (found.damaged() > 0) {
            throw new CommandFailure(found.folder() + " is damaged in " + Text.count(found.damaged(), "place") + ".");
        }
    }
}
