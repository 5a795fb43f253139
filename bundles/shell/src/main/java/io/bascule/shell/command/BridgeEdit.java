/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeConfigurations;
import io.bascule.api.BridgeConfigurations.Change;
import io.bascule.api.ConfigurationRefusedException;
import io.bascule.shell.view.Sentence;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the commands that look at the configurations of bridges and edit them have in common. */
final class BridgeEdit {
    /** For the help of both shells. */
    static final String LINE =
            "A line as in a file; may be given again. Quoted as a whole where it has a blank, # or $.";

    private BridgeEdit() {}

    /** Something that is asked of the configurations. */
    @FunctionalInterface
    interface Call<T> {
        T made(BridgeConfigurations configurations) throws IOException, ConfigurationRefusedException;
    }

    /**
     * What comes of it.
     *
     * @param what the beginning of the sentence that says why nothing does
     */
    static <T> T tried(Services services, String what, Call<T> call) {
        BridgeConfigurations configurations = services.configurations()
                .orElseThrow(
                        () -> new CommandFailure("The bridge bundle is not started, which has the configurations."));
        try {
            return call.made(configurations);
        } catch (ConfigurationRefusedException e) {
            String errors = String.join("; ", e.errors());
            throw new CommandFailure(what + ": " + errors + (errors.endsWith("?") ? "" : "."));
        } catch (IOException e) {
            throw new CommandFailure(what + ": " + reason(e) + ".");
        }
    }

    /** Those of the file system say little more than which file. */
    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no file " + e.getMessage();
        }
        return e instanceof AccessDeniedException ? e.getMessage() + " may not be read or written" : e.getMessage();
    }

    /** The lines that were typed, in their order. */
    static Map<String, String> lines(List<String> words) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                throw new CommandFailure(
                        "\"" + word + "\" is not key=value; quote a route as a whole: 'forward.all=a/# -> b/{#}'.");
            }
            String key = word.substring(0, equals).strip();
            String value = word.substring(equals + 1).strip();
            if (value.isEmpty()) {
                throw new CommandFailure(key + " has no value. Was there a $? The shell has taken it for a variable;"
                        + " quote it as a whole: '" + key + "=…'.");
            }
            if (lines.put(key, value) != null) {
                throw new CommandFailure(key + " is given twice.");
            }
        }
        return lines;
    }

    /** Says that it was made, and whether the bridge runs on it. */
    static Sentence made(String done, String name, Change change) {
        StringBuilder text = new StringBuilder(done);
        change.file().ifPresent(file -> text.append(" in ").append(file));
        text.append(change.takenUp() ? "." : "; it has not been taken up within 5 s.");
        change.warnings()
                .forEach(warning -> text.append(" Beware: ").append(warning).append('.'));
        return new Sentence(text.toString(), data(name, change));
    }

    static Map<String, Object> data(String name, Change change) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", name);
        data.put("file", change.file().map(Object::toString));
        data.put("takenUp", change.takenUp());
        data.put("warnings", change.warnings());
        return data;
    }
}
