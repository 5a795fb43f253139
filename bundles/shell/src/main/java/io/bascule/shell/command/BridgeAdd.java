/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeConfigurations.Change;
import io.bascule.shell.view.View;
import java.util.List;
import java.util.Map;

/**
 * {@code mqtt:bridge-add}: adds a bridge.
 *
 * @param name of the bridge, for its file's name
 * @param lines of its file
 */
public record BridgeAdd(String name, Map<String, String> lines) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Adds a bridge: checks it, and writes its file.";
    /** For the help of both shells. */
    public static final String EXAMPLE =
            "mqtt:bridge-add cloud server=mqtt://far:1883 'forward.alarms=alarms/# -> plant7/alarms/{#}' 'password=$[env:CLOUD]' user=plant7";
    /** For the help of both shells. */
    public static final String NAME = "What it is to be called.";
    /** For the help of both shells. */
    public static final String LINE = BridgeEdit.LINE;

    /**
     * The bridge that is to be.
     *
     * @param name as typed, null when it was left out
     * @throws CommandFailure when something of it cannot be used
     */
    public static BridgeAdd of(String name, List<String> words) {
        if (name == null || name.contains("=")) {
            throw new CommandFailure("The bridge's name is missing; it comes first.");
        }
        return new BridgeAdd(name, BridgeEdit.lines(words));
    }

    @Override
    public View run(Services services) {
        String failed = "The bridge " + name + " is not added";
        Change change = Answers.of(
                BridgeEdit.tried(services, failed, configurations -> configurations.add(name, lines)), failed);
        return BridgeEdit.made("Added the bridge " + name, name, change);
    }
}
