/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.SessionInfo;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Text;
import io.bascule.shell.view.View;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code mqtt:session-delete}: ends a session, with its subscriptions and what waits in it.
 *
 * @param clientId whose session it is
 */
public record SessionDelete(String clientId) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Ends a session: its subscriptions and the messages that wait in it are gone.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:session-delete gateway-7";

    /**
     * The session that is to go.
     *
     * @param clientId as typed, null when it was left out
     * @throws CommandFailure when it was
     */
    public static SessionDelete of(String clientId) {
        return new SessionDelete(Input.clientId(clientId));
    }

    @Override
    public View run(Services services) {
        SessionInfo session = Input.session(services, clientId);
        boolean ended = Answers.of(services.runningBroker().endSession(clientId), "The broker has not confirmed it");
        if (!ended) {
            throw new CommandFailure("The session of " + clientId + " has ended by itself meanwhile.");
        }
        int waiting = session.queue().queued() + session.queue().inFlight();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("clientId", clientId);
        data.put("connected", session.connected());
        data.put("subscriptions", session.subscriptions());
        data.put("messages", waiting);
        String what = Text.count(session.subscriptions(), "subscription") + ", " + Text.count(waiting, "message") + ".";
        return new Sentence(sentence(session) + what, data);
    }

    private String sentence(SessionInfo session) {
        return session.connected()
                ? "Disconnected " + clientId + " and deleted its session: "
                : "Deleted the session of " + clientId + ": ";
    }
}
