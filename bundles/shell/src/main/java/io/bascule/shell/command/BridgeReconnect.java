/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.shell.view.View;

/**
 * {@code mqtt:bridge-reconnect}: connects a bridge anew.
 *
 * @param name of the bridge, from its file's name
 */
public record BridgeReconnect(String name) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Closes the connection of a bridge and connects again at once.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-reconnect emqx";

    /**
     * The bridge that is meant.
     *
     * @param name as typed, null when it was left out
     * @throws CommandFailure when it cannot be used
     */
    public static BridgeReconnect of(String name) {
        return new BridgeReconnect(Input.bridge(name));
    }

    @Override
    public View run(Services services) {
        BridgeRequest request = BridgeRequest.of(services, name);
        request.await(request.bridge().reconnect(), "connected anew");
        return request.answer("The bridge " + name + " connects anew.");
    }
}
