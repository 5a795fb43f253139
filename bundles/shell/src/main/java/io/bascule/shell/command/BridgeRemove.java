/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeConfigurations.Change;
import io.bascule.api.DeletedBridge;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Text;
import io.bascule.shell.view.View;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * {@code mqtt:bridge-remove}: deletes a bridge's file.
 *
 * @param name of the bridge, from its file's name
 */
public record BridgeRemove(String name) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Deletes a bridge's file; its sessions end after delete.grace.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-remove cloud";

    /**
     * The bridge that is to go.
     *
     * @param name as typed, null when it was left out
     * @throws CommandFailure when it was
     */
    public static BridgeRemove of(String name) {
        return new BridgeRemove(Input.bridge(name));
    }

    @Override
    public View run(Services services) {
        Input.bridge(services, name);
        String failed = "The bridge " + name + " is not removed";
        Change change =
                Answers.of(BridgeEdit.tried(services, failed, configurations -> configurations.remove(name)), failed);
        Optional<DeletedBridge> waits = services.deletedBridges().stream()
                .filter(deleted -> deleted.name().equals(name))
                .findFirst();
        Map<String, Object> data = BridgeEdit.data(name, change);
        data.remove("warnings");
        Optional<Instant> until = waits.map(DeletedBridge::until);
        data.put("until", until);
        String removed = "Removed the bridge " + name
                + change.file().map(file -> " with " + file).orElse("");
        if (!change.takenUp()) {
            return new Sentence(removed + "; it has not closed within 5 s.", data);
        }
        return new Sentence(removed + waits.map(this::whatWaits).orElse("; nothing of it is left."), data);
    }

    private String whatWaits(DeletedBridge deleted) {
        int waiting = deleted.queue().queued() + deleted.queue().inFlight();
        return ". Its sessions, with " + Text.count(waiting, "message") + ", end at " + Text.of(deleted.until())
                + " (delete.grace), unless it is added again; mqtt:bridge-purge " + name + " ends them now.";
    }
}
