/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.resource;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link ResourceScope} acquired and released, by kind, at one moment.
 *
 * @param owner whose scope it is
 * @param acquired how many were ever acquired
 * @param released how many of those are gone
 * @param failures releases that threw, one sentence each
 */
public record ResourceLedger(
        String owner, Map<ResourceKind, Integer> acquired, Map<ResourceKind, Integer> released, List<String> failures) {

    public ResourceLedger {
        acquired = Map.copyOf(acquired);
        released = Map.copyOf(released);
        failures = List.copyOf(failures);
    }

    /** How many of this kind are held. */
    public int live(ResourceKind kind) {
        return acquired.getOrDefault(kind, 0) - released.getOrDefault(kind, 0);
    }

    /** How many are held in all. */
    public int live() {
        int sum = 0;
        for (ResourceKind kind : acquired.keySet()) {
            sum += live(kind);
        }
        return sum;
    }

    /** One line by kind, such as {@code connection 1/1, task 4/4, subscription 3/3; 0 live}: released of acquired. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        new EnumMap<ResourceKind, Integer>(withEveryKind(acquired)).forEach((kind, count) -> {
            if (count > 0) {
                parts.add(kind.label() + " " + released.getOrDefault(kind, 0) + "/" + count);
            }
        });
        String failed = failures.isEmpty() ? "" : "; failed: " + String.join(", ", failures);
        return (parts.isEmpty() ? "nothing" : String.join(", ", parts)) + "; " + live() + " live" + failed;
    }

    private static Map<ResourceKind, Integer> withEveryKind(Map<ResourceKind, Integer> counts) {
        Map<ResourceKind, Integer> all = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            all.put(kind, counts.getOrDefault(kind, 0));
        }
        return all;
    }
}
