/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.DeletedBridge;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Text;
import io.bascule.shell.view.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code mqtt:bridge-purge}: ends the sessions of a deleted bridge now.
 *
 * @param name of the bridge, from its file's name
 */
public record BridgePurge(String name) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Ends the sessions of a deleted bridge now; what waits in them is gone.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-purge emqx";

    /**
     * The bridge that is to go.
     *
     * @param name as typed, null when it was left out
     * @throws CommandFailure when it was
     */
    public static BridgePurge of(String name) {
        if (name == null) {
            throw new CommandFailure("The bridge's name is missing; mqtt:bridges-deleted lists them.");
        }
        return new BridgePurge(name);
    }

    @Override
    public View run(Services services) {
        List<DeletedBridge> deleted = services.deletedBridges();
        DeletedBridge bridge = deleted.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(services, deleted));
        if (!Answers.of(services.deleted().orElseThrow().purge(name), "The broker has not confirmed it")) {
            throw new CommandFailure("The deleted bridge " + name + " has ended, or been configured again, meanwhile.");
        }
        int waiting = bridge.queue().queued() + bridge.queue().inFlight();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", name);
        data.put("messages", waiting);
        return new Sentence("Ended the deleted bridge " + name + ": " + Text.count(waiting, "message") + ".", data);
    }

    private CommandFailure unknown(Services services, List<DeletedBridge> deleted) {
        if (services.bridgeStatuses().stream().anyMatch(bridge -> bridge.name().equals(name))) {
            return new CommandFailure(
                    "The bridge " + name + " is configured; delete io.bascule.bridge-" + name + ".cfg first.");
        }
        return Unknown.failure(
                "There is no deleted bridge " + name,
                name,
                deleted.stream().map(DeletedBridge::name).toList(),
                "; mqtt:bridges-deleted lists them.");
    }
}
