/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.storm;

import java.util.LinkedHashMap;
import java.util.Map;

/** The {@code key=value} arguments of a program, over their defaults. */
record Options(Map<String, String> values) {

    /** @throws IllegalArgumentException for a key that has no default */
    static Options parse(Map<String, String> defaults, String[] arguments) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        for (int i = 1; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            if (pair.length < 2 || !values.containsKey(pair[0])) {
                throw new IllegalArgumentException("not understood: " + arguments[i] + "; keys are " + values.keySet());
            }
            values.put(pair[0], pair[1]);
        }
        return new Options(values);
    }

    int number(String key) {
        return Integer.parseInt(values.get(key));
    }

    boolean flag(String key) {
        return Boolean.parseBoolean(values.get(key));
    }

    String text(String key) {
        return values.get(key);
    }
}
