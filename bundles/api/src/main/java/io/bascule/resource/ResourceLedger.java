/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.resource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
    private static final int FAILURES_OF_A_SUM = 16;

    public ResourceLedger {
        acquired = Map.copyOf(acquired);
        released = Map.copyOf(released);
        failures = List.copyOf(failures);
    }

    /** One that has acquired nothing yet. */
    public static ResourceLedger empty(String owner) {
        return new ResourceLedger(owner, Map.of(), Map.of(), List.of());
    }

    /** The sum of both, under this owner's name and with their first {@value #FAILURES_OF_A_SUM} failures. */
    public ResourceLedger plus(ResourceLedger other) {
        return new ResourceLedger(
                owner,
                sum(acquired, other.acquired),
                sum(released, other.released),
                Stream.concat(failures.stream(), other.failures.stream())
                        .limit(FAILURES_OF_A_SUM)
                        .toList());
    }

    private static Map<ResourceKind, Integer> sum(Map<ResourceKind, Integer> one, Map<ResourceKind, Integer> other) {
        Map<ResourceKind, Integer> sum = new HashMap<>(one);
        other.forEach((kind, count) -> sum.merge(kind, count, Integer::sum));
        return sum;
    }

    /** Of which kinds something was acquired, in their order. */
    public List<ResourceKind> kinds() {
        return Stream.of(ResourceKind.values())
                .filter(kind -> acquired.getOrDefault(kind, 0) > 0)
                .toList();
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
        List<String> parts = kinds().stream()
                .map(kind -> kind.label() + " " + released.getOrDefault(kind, 0) + "/" + acquired.get(kind))
                .toList();
        String failed = failures.isEmpty() ? "" : "; failed: " + String.join(", ", failures);
        return (parts.isEmpty() ? "nothing" : String.join(", ", parts)) + "; " + live() + " live" + failed;
    }
}
