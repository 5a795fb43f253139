/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.SessionInfo;
import io.bascule.api.SessionOptions;
import io.bascule.mqtt.ReasonCode;
import io.bascule.shell.view.Expiry;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.View;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code mqtt:client-disconnect}: closes a client's connection. Nothing keeps it from coming back.
 *
 * @param clientId of the client
 */
public record ClientDisconnect(String clientId) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY =
            "Closes a client's connection; its session stays for its Session Expiry Interval.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:client-disconnect gateway-7";

    /**
     * The client that is to go.
     *
     * @param clientId as typed, null when it was left out
     * @throws CommandFailure when it was
     */
    public static ClientDisconnect of(String clientId) {
        return new ClientDisconnect(Input.clientId(clientId));
    }

    @Override
    public View run(Services services) {
        SessionInfo session = Input.session(services, clientId);
        boolean disconnected = Answers.of(
                services.runningBroker().disconnect(clientId, ReasonCode.ADMINISTRATIVE_ACTION),
                "The broker has not confirmed it");
        if (!disconnected) {
            throw new CommandFailure(clientId + " is not connected; mqtt:session-delete ends its session.");
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("clientId", clientId);
        data.put("sessionExpiryInterval", session.sessionExpiryInterval());
        return new Sentence("Disconnected " + clientId + "; " + afterwards(session.sessionExpiryInterval()), data);
    }

    private static String afterwards(long expiry) {
        if (expiry == 0) {
            return "its session has ended.";
        }
        return expiry == SessionOptions.NEVER
                ? "its session stays."
                : "its session stays for " + new Expiry(expiry) + ".";
    }
}
