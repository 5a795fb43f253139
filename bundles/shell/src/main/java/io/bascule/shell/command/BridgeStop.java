/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.shell.view.View;

/**
 * {@code mqtt:bridge-stop}: stops a bridge, whose messages wait then.
 *
 * @param name of the bridge, from its file's name
 */
public record BridgeStop(String name) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY =
            "Disconnects a bridge until it is started, edited or restarted; its messages wait here.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-stop emqx";

    /**
     * The bridge that is meant.
     *
     * @param name as typed, null when it was left out
     * @throws CommandFailure when it cannot be used
     */
    public static BridgeStop of(String name) {
        return new BridgeStop(Input.bridge(name));
    }

    @Override
    public View run(Services services) {
        BridgeRequest request = BridgeRequest.of(services, name);
        request.await(request.bridge().stop(), "stopped");
        return request.answer("Stopped the bridge " + name + ".");
    }
}
