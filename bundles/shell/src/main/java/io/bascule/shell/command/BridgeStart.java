/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.shell.view.View;

/**
 * {@code mqtt:bridge-start}: starts a bridge that was stopped, or waits for that.
 *
 * @param name of the bridge, from its file's name
 */
public record BridgeStart(String name) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Starts a bridge that was stopped or drained, is manual, or is idle.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-start emqx";

    /**
     * The bridge that is meant.
     *
     * @param name as typed, null when it was left out
     * @throws CommandFailure when it cannot be used
     */
    public static BridgeStart of(String name) {
        return new BridgeStart(Input.bridge(name));
    }

    @Override
    public View run(Services services) {
        BridgeRequest request = BridgeRequest.of(services, name);
        request.await(request.bridge().start(), "started");
        return request.answer("Started the bridge " + name + ".");
    }
}
