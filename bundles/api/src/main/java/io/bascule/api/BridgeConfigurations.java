/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The configurations of the bridges, as an OSGi service: there while the bridge bundle is started. It looks at them, tries them out, and
 * edits them: in their files {@code io.bascule.bridge-<name>.cfg} where File Install is at work, and through Configuration Admin where it is
 * not, or did not make the configuration.
 *
 * <p>Keys and values are those of the file, with their placeholders {@code $[…]} and {@code ${…}} as they stand. They are judged with the
 * placeholders filled as they are at the moment.
 *
 * <p>Every method may be called from any thread but an event loop, since it reads and writes files before it returns. Edits take turns.
 */
@ProviderType
public interface BridgeConfigurations {

    /**
     * What is to be said of a configuration.
     *
     * @param errors why it is not valid; none where it is
     * @param warnings what it had better avoid: keys that its file gives twice, and where its routes, together with those of the other bridges,
     *     lead in a circle
     */
    record Findings(List<Finding> errors, List<String> warnings) {

        public Findings {
            errors = List.copyOf(errors);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * One error.
     *
     * @param line of the file, from 1; empty where it is of no line, such as that of a key that is missing
     * @param sentence without a full stop
     */
    record Finding(Optional<Integer> line, String sentence) {}

    /**
     * An edit that was made.
     *
     * @param file what was written or deleted; empty where it was made through Configuration Admin
     * @param takenUp whether the bridge runs on it, or has closed; where it does not after 5 s, File Install has not looked at its folder yet
     * @param warnings what the configuration had better avoid
     */
    record Change(Optional<Path> file, boolean takenUp, List<String> warnings) {

        public Change {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * A key that is not in force as it was asked for. Secrets are {@code ***}, and what is long is cut.
     *
     * @param asked what its line says; empty where there is none
     * @param inForce what the bridge runs on, {@code another} where that would look the same; empty where it runs on no such line, or on nothing
     */
    record Difference(String key, Optional<String> asked, Optional<String> inForce) {}

    /** What is to be said of a bridge of this name that had these lines. */
    Findings validate(String name, Map<String, String> properties);

    /**
     * What is to be said of a file, wherever it is. The bridge has the name that its file's name gives it.
     *
     * @throws IOException when it cannot be read, or has more than 16 MiB
     */
    Findings validate(Path file) throws IOException;

    /**
     * Adds a bridge: writes its file, readable by its owner alone, with these lines in their order.
     *
     * @param name begins with a letter or digit and goes on with these, {@code .}, {@code _} and {@code -}, 100 characters at most
     * @return completes when the bridge runs on it, or after 5 s
     * @throws ConfigurationRefusedException when it is not valid, or there is such a bridge or file; nothing is written
     * @throws IOException when the file cannot be written
     */
    CompletionStage<Change> add(String name, Map<String, String> properties)
            throws IOException, ConfigurationRefusedException;

    /**
     * Edits a bridge. Its file is replaced as a whole, with its permissions; every line that does not change stays as it is, and what is new
     * is added at the end.
     *
     * @param changes keys with what they are to be
     * @param removals keys whose lines are to go
     * @return completes when the bridge runs on it, or after 5 s
     * @throws ConfigurationRefusedException when what would come of it is not valid, a key that is to go is not there, there is no such
     *     bridge, or its file is in a notation that is not edited; nothing is written
     * @throws IOException when the file cannot be read or written
     */
    CompletionStage<Change> set(String name, Map<String, String> changes, Set<String> removals)
            throws IOException, ConfigurationRefusedException;

    /**
     * Deletes a bridge's configuration with its file. What becomes of its sessions is told by {@link DeletedBridges}.
     *
     * @return completes when the bridge has closed, or after 5 s
     * @throws ConfigurationRefusedException when there is no such bridge
     * @throws IOException when the file cannot be deleted
     */
    CompletionStage<Change> remove(String name) throws IOException, ConfigurationRefusedException;

    /**
     * How a bridge's configuration, as it stands now, differs from what the bridge runs on, by key; empty where it does not.
     *
     * @throws ConfigurationRefusedException when there is no such bridge
     * @throws IOException when its file cannot be read
     */
    List<Difference> diff(String name) throws IOException, ConfigurationRefusedException;

    /** The routes that are in force, by bridge, direction and name. */
    List<BridgeRoute> routes();

    /** What each route that is in force, in the order of {@link #routes()}, would do with such a message. Nothing is sent. */
    List<RouteTrial> test(Topic topic, QoS qos, boolean retain);
}
