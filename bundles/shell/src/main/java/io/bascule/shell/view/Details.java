/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One thing and what is known of it: in JSON an object. A value may be a {@link Table}; text shows it below the rest. */
public final class Details implements View {

    /** A line of it. */
    public record Entry(String key, String title, Object value) {}

    private final List<Entry> entries = new ArrayList<>();

    /** Adds a line; returns this. */
    public Details with(String key, String title, Object value) {
        entries.add(new Entry(key, title, Objects.requireNonNull(value, key)));
        return this;
    }

    /** The lines in order. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** The lines as JSON has them. */
    Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        entries.forEach(entry -> object.put(entry.key(), entry.value()));
        return object;
    }
}
