/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeStatus;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Text;
import io.bascule.shell.view.View;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code mqtt:bridge-queue-purge}: drops what waits to be forwarded by a bridge.
 *
 * @param name of the bridge
 */
public record BridgeQueuePurge(String name) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Drops the messages that wait to be forwarded by a bridge.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-queue-purge cloud";

    /**
     * The queue that is to be emptied.
     *
     * @param name as typed, null when it was left out
     * @throws CommandFailure when it was
     */
    public static BridgeQueuePurge of(String name) {
        return new BridgeQueuePurge(Input.bridge(name));
    }

    @Override
    public View run(Services services) {
        BridgeStatus bridge = Input.bridge(services, name).status();
        int purged =
                Answers.of(services.runningBroker().purge(bridge.localClientId()), "The broker has not confirmed it");
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", name);
        data.put("messages", purged);
        return new Sentence("Dropped what waited for " + name + ": " + Text.count(purged, "message") + ".", data);
    }
}
