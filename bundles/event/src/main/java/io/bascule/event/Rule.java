/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import io.bascule.config.TopicTemplate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A route as it is written: {@code filter [-> template] [option=value …]}.
 *
 * @param errors what is wrong with it so far; whoever reads on adds to them
 */
record Rule(String filter, TopicTemplate template, Map<String, String> options, List<String> errors) {
    private static final String ARROW = "->";

    /** Reads a line, with every error that is in it. */
    static Rule parse(String line) {
        Deque<String> words = new ArrayDeque<>(List.of(line.strip().split("\\s+")));
        List<String> errors = new ArrayList<>();
        String filter = words.remove();
        TopicTemplate template = TopicTemplate.SAME;
        if (ARROW.equals(words.peek())) {
            words.remove();
            template = template(words.isEmpty() ? "" : words.remove(), errors);
        }
        Map<String, String> options = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                errors.add("\"" + word + "\" is out of place; a route is filter [-> template] [option=value …], with"
                        + " spaces between them and none within");
            } else if (options.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
                errors.add("the option " + word.substring(0, equals) + " is given twice");
            }
        }
        return new Rule(filter, template, options, errors);
    }

    private static TopicTemplate template(String text, List<String> errors) {
        try {
            return TopicTemplate.parse(text);
        } catch (IllegalArgumentException e) {
            errors.add(text.isEmpty() ? "behind -> a template is missing" : e.getMessage());
            return TopicTemplate.SAME;
        }
    }

    /** Refuses the rule when anything is wrong with it. */
    void check() {
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
    }
}
