/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.SessionInfo;
import io.bascule.config.Nearest;
import java.util.Collection;
import java.util.List;

/** A name that stands for nothing, and what may have been meant. */
final class Unknown {
    private Unknown() {}

    /**
     * What the user is told.
     *
     * @param sentence without its full stop
     * @param known the names there are
     * @param otherwise how the sentence ends when none of them is near
     */
    static CommandFailure failure(String sentence, String name, Collection<String> known, String otherwise) {
        String end = Nearest.to(name, known)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse(otherwise);
        return new CommandFailure(sentence + end);
    }

    static CommandFailure bridge(String name, List<String> known) {
        if (known.isEmpty()) {
            return new CommandFailure("There is no bridge " + name + ": none is configured.");
        }
        List<String> sorted = known.stream().sorted().toList();
        return failure("There is no bridge " + name, name, sorted, "; there is " + String.join(", ", sorted) + ".");
    }

    static CommandFailure session(String clientId, List<SessionInfo> sessions) {
        return failure(
                "There is no session of a client " + clientId,
                clientId,
                sessions.stream().map(SessionInfo::clientId).toList(),
                "; mqtt:sessions lists them.");
    }
}
