/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks;

import io.bascule.mqtt.TopicFilter;
import io.bascule.subscriptions.SubscriptionTree;
import io.bascule.subscriptions.internal.RadixSubscriptionTree;
import java.lang.ref.Reference;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Prints what a subscription takes on the heap, in bytes: all that the tree holds, with the text of the levels, without the subscriber and
 * the value, which all subscriptions share here. Heap in use after a collection, with the tree and without it.
 *
 * <p>{@code java -Xmx4g -cp benchmarks.jar io.bascule.benchmarks.SubscriptionFootprint}
 */
public final class SubscriptionFootprint {
    private static final int SUBSCRIPTIONS = 1_000_000;

    private SubscriptionFootprint() {}

    public static void main(String[] args) {
        List<TopicFilter> fleet = Fleet.ofFilters(SUBSCRIPTIONS + 10).filters();
        print("fleet: 2 filters a device, 1 a site", 1, fleet::get);
        print("one topic a device, 5 levels", 1, i -> TopicFilter.of("region/7/device/" + i + "/temperature"));
        print(
                "10 topics a device, 5 levels",
                1,
                i -> TopicFilter.of("region/7/device/" + i / 10 + "/sensor-" + i % 10));
        print("4 levels of 36 characters each", 1, i -> {
            String uuid = String.format("%08x-0000-4000-8000-000000000000", i);
            return TopicFilter.of(uuid + "/" + uuid + "/" + uuid + "/" + uuid);
        });
        print("all subscribers at one filter", SUBSCRIPTIONS, i -> TopicFilter.of("alarms/#"));
    }

    private static void print(String shape, int subscribers, IntFunction<TopicFilter> filters) {
        List<Integer> everyone = IntStream.range(0, subscribers).boxed().toList();
        long before = heapInUse();
        SubscriptionTree<Integer, String> tree = new RadixSubscriptionTree<>();
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            tree.subscribe(filters.apply(i), everyone.get(i % subscribers), "subscription");
        }
        long bytes = heapInUse() - before;
        System.out.printf(
                "%-40s %,9d subscriptions %,9d nodes %6.1f bytes each%n",
                shape, tree.size(), tree.nodes(), (double) bytes / tree.size());
        Reference.reachabilityFence(everyone);
    }

    private static long heapInUse() {
        // More than once: what only a first collection makes unreachable goes with the next.
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
