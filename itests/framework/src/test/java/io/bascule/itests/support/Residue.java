/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import io.bascule.api.Broker;
import io.bascule.api.BrokerInfo;
import io.bascule.transport.Transport;
import io.bascule.transport.TransportInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a leak would leave behind in this process and in the broker, at one moment.
 *
 * @param threads how many there are, by name with every number in it as {@code #}
 * @param descriptors open file descriptors
 * @param sessions of the broker
 * @param subscriptions of the broker
 * @param treeNodes of the subscription tree
 * @param connections of the transport
 * @param activeBuffers of the transport's pool
 */
public record Residue(
        Map<String, Long> threads,
        long descriptors,
        int sessions,
        int subscriptions,
        int treeNodes,
        int connections,
        long activeBuffers) {

    /** Threads that the JVM and the test runner start and end as they like. */
    private static final List<String> NOT_OURS = List.of(
            "process reaper", "ForkJoinPool", "Attach Listener", "surefire", "Keep-Alive", "Cleaner", "RxComputation");

    /**
     * What the event loops' caches may keep of their own accord. A leak shows once a cycle, so it needs fewer cycles than this to hide.
     */
    private static final int CACHED_BUFFERS = 32;

    /** What there is now. */
    public static Residue now(Broker broker, Transport transport) {
        BrokerInfo inBroker = broker.info();
        TransportInfo inTransport = transport.info();
        return new Residue(
                threadsNow(),
                descriptorsNow(),
                inBroker.sessions(),
                inBroker.subscriptions(),
                inBroker.treeNodes(),
                inTransport.connections(),
                inTransport.activeBuffers());
    }

    private static Map<String, Long> threadsNow() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> NOT_OURS.stream().noneMatch(name::contains))
                .map(name -> name.replaceAll("[0-9]+", "#"))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    private static long descriptorsNow() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What has come on top of an earlier moment, one sentence each: empty when nothing has. */
    public List<String> since(Residue before) {
        List<String> more = new ArrayList<>();
        threads.forEach((name, count) ->
                compare(more, "threads \"" + name + "\"", before.threads.getOrDefault(name, 0L), count));
        compare(more, "file descriptors", before.descriptors, descriptors);
        compare(more, "sessions", before.sessions, sessions);
        compare(more, "subscriptions", before.subscriptions, subscriptions);
        compare(more, "tree nodes", before.treeNodes, treeNodes);
        compare(more, "connections", before.connections, connections);
        if (activeBuffers > before.activeBuffers + CACHED_BUFFERS) {
            compare(more, "active buffers", before.activeBuffers, activeBuffers);
        }
        return more;
    }

    private static void compare(List<String> more, String what, long before, long after) {
        if (after > before) {
            more.add(what + ": " + before + " before, " + after + " after");
        }
    }
}
