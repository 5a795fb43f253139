/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Bridge.Direction;
import io.bascule.shell.view.View;
import java.util.Set;

/**
 * {@code mqtt:bridge-resume}: lets go on what was paused.
 *
 * @param name of the bridge, from its file's name
 * @param directions in which
 */
public record BridgeResume(String name, Set<Direction> directions) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Ends the pause of a bridge, in one direction or both.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-resume emqx forward";

    /**
     * The bridge that is meant.
     *
     * @param name as typed, null when it was left out
     * @param direction as typed, null for both
     * @throws CommandFailure when it cannot be used
     */
    public static BridgeResume of(String name, String direction) {
        return new BridgeResume(Input.bridge(name), Input.directions(direction));
    }

    @Override
    public View run(Services services) {
        BridgeRequest request = BridgeRequest.of(services, name);
        directions.forEach(direction -> request.await(request.bridge().resume(direction), "resumed"));
        return request.answer("Resumed the bridge " + name + ": " + Input.words(directions) + ".");
    }
}
