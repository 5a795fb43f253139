/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.file;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** {@code ${name}} as File Install fills it: from the same file, the environment ({@code env:}) or a property of the framework. */
public final class Placeholders {
    private static final String DEFAULT = ":-";
    private static final int MOST = 10_000;

    private final Map<String, String> values;
    private final UnaryOperator<String> property;
    private int filled;

    private Placeholders(Map<String, String> values, UnaryOperator<String> property) {
        this.values = values;
        this.property = property;
    }

    /**
     * The values with their placeholders filled; what nothing fills becomes its default or nothing.
     *
     * @param property a property of the framework by its name, null where there is none
     * @throws IllegalArgumentException when one leads back to itself, or there are more than anyone writes
     */
    public static Map<String, String> filled(Map<String, String> values, UnaryOperator<String> property) {
        Placeholders placeholders = new Placeholders(values, property);
        Map<String, String> filled = new LinkedHashMap<>();
        values.forEach((key, value) -> filled.put(key, Escapes.undoneTwice(placeholders.fill(value, 0))));
        return filled;
    }

    private String fill(String text, int depth) {
        String result = text;
        int end = result.contains("${") ? result.indexOf('}') : -1;
        while (end >= 0) {
            int begin = result.lastIndexOf("${", end);
            if (begin >= 0 && result.charAt(end - 1) != '\\') {
                if (depth > values.size() || ++filled > MOST) {
                    throw new IllegalArgumentException("a placeholder ${…} leads back to itself");
                }
                String value = value(result.substring(begin + 2, end), depth);
                result = result.substring(0, begin) + value + result.substring(end + 1);
                end = begin + value.length() - 1;
            }
            end = result.indexOf('}', end + 1);
        }
        return result;
    }

    private String value(String name, int depth) {
        int colon = name.indexOf(DEFAULT);
        String variable = colon < 0 ? name : name.substring(0, colon);
        String value = values.get(variable);
        if (value != null) {
            return fill(value, depth + 1);
        }
        value = variable.startsWith("env:") ? System.getenv(variable.substring(4)) : property.apply(variable);
        return value != null ? value : colon < 0 ? "" : name.substring(colon + DEFAULT.length());
    }
}
