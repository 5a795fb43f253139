/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code key=value} arguments of a program, over their defaults. */
public record Options(Map<String, String> values) {

    /**
     * Takes all arguments but the first.
     *
     * @param defaults of every key that there is, as {@code key=value}
     * @throws IllegalArgumentException for a key that has no default
     */
    public static Options parse(List<String> defaults, String[] arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : defaults) {
            String[] parts = pair.split("=", 2);
            values.put(parts[0], parts[1]);
        }
        for (int i = 1; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            if (pair.length < 2 || !values.containsKey(pair[0])) {
                throw new IllegalArgumentException("not understood: " + arguments[i] + "; keys are " + values.keySet());
            }
            values.put(pair[0], pair[1]);
        }
        return new Options(values);
    }

    public int number(String key) {
        return Integer.parseInt(values.get(key));
    }

    public double decimal(String key) {
        return Double.parseDouble(values.get(key));
    }

    public boolean flag(String key) {
        return Boolean.parseBoolean(values.get(key));
    }

    public String text(String key) {
        return values.get(key);
    }
}
