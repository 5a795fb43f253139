/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Bridge.Direction;
import io.bascule.shell.view.View;
import java.util.Set;

/**
 * {@code mqtt:bridge-pause}: holds up what a bridge moves, while it stays connected.
 *
 * @param name of the bridge, from its file's name
 * @param directions in which
 */
public record BridgePause(String name, Set<Direction> directions) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY =
            "Lets nothing cross a bridge in one direction or both, while it stays connected.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-pause emqx forward";

    /**
     * The bridge that is meant.
     *
     * @param name as typed, null when it was left out
     * @param direction as typed, null for both
     * @throws CommandFailure when it cannot be used
     */
    public static BridgePause of(String name, String direction) {
        return new BridgePause(Input.bridge(name), Input.directions(direction));
    }

    @Override
    public View run(Services services) {
        BridgeRequest request = BridgeRequest.of(services, name);
        directions.forEach(direction -> request.await(request.bridge().pause(direction), "paused"));
        return request.answer("Paused the bridge " + name + ": " + Input.words(directions) + ".");
    }
}
