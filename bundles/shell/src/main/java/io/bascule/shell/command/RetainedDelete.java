/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Broker;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Text;
import io.bascule.shell.view.View;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code mqtt:retained-delete}: deletes retained messages, without a word to subscribers.
 *
 * @param filter a topic, or a filter of several
 */
public record RetainedDelete(TopicFilter filter) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Deletes the retained messages of a topic, or of all that match a filter.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:retained-delete 'plant/line1/#'";

    /**
     * What is to go.
     *
     * @param filter as typed, null when it was left out
     * @throws CommandFailure when it is not a topic or a filter
     */
    public static RetainedDelete of(String filter) {
        return new RetainedDelete(Input.unsharedFilter(filter, "mqtt:retained-delete"));
    }

    @Override
    public View run(Services services) {
        Broker broker = services.runningBroker();
        int deleted = Answers.of(broker.deleteRetained(filter), "The broker has not confirmed it");
        if (deleted == 0 && !filter.hasWildcard()) {
            throw RetainedTopics.unknown(broker, Topic.of(filter.text()));
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("filter", filter.text());
        data.put("deleted", deleted);
        return new Sentence(sentence(deleted), data);
    }

    private String sentence(int deleted) {
        if (deleted == 0) {
            return "Nothing is retained at " + filter + "." + Input.secondThought(filter.text());
        }
        return "Deleted " + Text.count(deleted, "retained message") + " at " + filter + ".";
    }
}
