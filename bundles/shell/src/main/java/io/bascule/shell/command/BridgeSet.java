/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeConfigurations.Change;
import io.bascule.shell.view.View;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code mqtt:bridge-set}: edits a bridge.
 *
 * @param name of the bridge, from its file's name
 * @param changes lines that are to be so
 * @param removals keys whose lines are to go
 */
public record BridgeSet(String name, Map<String, String> changes, Set<String> removals) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY =
            "Edits a bridge: checks it, and writes its file; other lines stay as they are.";
    /** For the help of both shells. */
    public static final String EXAMPLE =
            "mqtt:bridge-set --unset forward.old cloud keepalive=30s 'forward.new=new/# -> plant7/new/{#} qos=1'";
    /** For the help of both shells. */
    public static final String LINE = BridgeEdit.LINE;
    /** For the help of both shells. */
    public static final String UNSET = "A key whose line is to go; may be given again.";

    /**
     * What is to be changed.
     *
     * @param name as typed, null when it was left out
     * @throws CommandFailure when something of it cannot be used
     */
    public static BridgeSet of(String name, List<String> words, List<String> removals) {
        BridgeSet set = new BridgeSet(Input.bridge(name), BridgeEdit.lines(words), new LinkedHashSet<>(removals));
        if (words.isEmpty() && removals.isEmpty()) {
            throw new CommandFailure("Nothing is to be changed; give key=value, or --unset key.");
        }
        return set;
    }

    @Override
    public View run(Services services) {
        Input.bridge(services, name);
        String failed = "The bridge " + name + " is not changed";
        Change change = Answers.of(
                BridgeEdit.tried(services, failed, configurations -> configurations.set(name, changes, removals)),
                failed);
        String keys =
                Stream.concat(changes.keySet().stream(), removals.stream()).collect(Collectors.joining(", "));
        return BridgeEdit.made("Changed " + keys + " of the bridge " + name, name, change);
    }
}
