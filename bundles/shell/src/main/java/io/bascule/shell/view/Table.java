/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.view;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Things of one kind, one a row: in JSON an array of objects.
 *
 * @param heads key and title of each column
 * @param rows a value for each column
 * @param whenEmpty the sentence that stands for a table without rows
 * @param note the sentence below it in text
 */
public record Table(List<Head> heads, List<List<Object>> rows, String whenEmpty, Optional<String> note)
        implements View {

    /** Key and title of a column. */
    public record Head(String key, String title) {}

    /** The items in this order, a row each. */
    public static <T> Table of(
            Collection<T> items, Comparator<? super T> order, String whenEmpty, List<Column<T>> columns) {
        List<Head> heads = columns.stream()
                .map(column -> new Head(column.key(), column.title()))
                .toList();
        List<List<Object>> rows = items.stream()
                .sorted(order)
                .map(item -> columns.stream()
                        .map(column -> Objects.requireNonNull(column.value().apply(item), column.key()))
                        .toList())
                .toList();
        return new Table(heads, rows, whenEmpty, Optional.empty());
    }

    /** The same with this note. */
    public Table withNote(String other) {
        return new Table(heads, rows, whenEmpty, Optional.of(other));
    }

    /** The rows as JSON has them. */
    List<Map<String, Object>> objects() {
        return rows.stream().map(this::object).toList();
    }

    /** Whether a column holds figures, which are read from the right. */
    public boolean isNumeric(int column) {
        return !rows.isEmpty()
                && rows.stream()
                        .map(row -> row.get(column))
                        .allMatch(value -> value instanceof Number || value instanceof ByteCount);
    }

    private Map<String, Object> object(List<Object> row) {
        Map<String, Object> object = new LinkedHashMap<>();
        IntStream.range(0, heads.size()).forEach(i -> object.put(heads.get(i).key(), row.get(i)));
        return object;
    }
}
