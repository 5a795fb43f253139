/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import io.bascule.api.Broker;
import io.bascule.api.BrokerInfo;
import io.bascule.transport.Transport;
import io.bascule.transport.TransportInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;

/**
 * What a leak would leave behind in this process, in the framework and in the broker, at one moment. Taken when it has come to rest: what
 * is counted is then the same again and again, to the last buffer.
 *
 * @param threads how many there are, by name with every number in it as {@code #}
 * @param descriptors open file descriptors, but for those of the store's segments, which come and go with what it keeps
 * @param services registered with the framework, by their types
 * @param mbeans registered with the platform's server
 * @param scheduledTasks that wait on event loops
 * @param sessions of the broker
 * @param subscriptions of the broker
 * @param treeNodes of the subscription tree
 * @param connections of the transport
 * @param activeBuffers of the transport's pool
 */
public record Residue(
        Map<String, Long> threads,
        long descriptors,
        Map<String, Long> services,
        int mbeans,
        int scheduledTasks,
        int sessions,
        int subscriptions,
        int treeNodes,
        int connections,
        long activeBuffers) {

    /** Threads that the JVM and the test runner start and end as they like. */
    private static final List<String> NOT_OURS = List.of(
            "process reaper", "ForkJoinPool", "Attach Listener", "surefire", "Keep-Alive", "Cleaner", "RxComputation");

    private static final Pattern SEGMENT = Pattern.compile("/store/[0-9]+\\.log");

    /** A quarter of a second: what has come to rest is told from a thread that waits for its turn on a processor. */
    private static final int TIMES_THE_SAME = 25;

    /** What there is once nothing has changed for a while. */
    public static Residue atRest(BundleContext context, Broker broker, Transport transport) {
        Deque<Residue> latest = new ArrayDeque<>();
        Eventually.eventually("all has come to rest", () -> {
            Residue now = now(context, broker, transport);
            if (!now.equals(latest.peek())) {
                latest.clear();
            }
            latest.push(now);
            return latest.size() == TIMES_THE_SAME;
        });
        return latest.peek();
    }

    /** What there is now. */
    public static Residue now(BundleContext context, Broker broker, Transport transport) {
        BrokerInfo inBroker = broker.info();
        TransportInfo inTransport = transport.info();
        return new Residue(
                threadsNow(),
                descriptorsNow(),
                servicesNow(context),
                ManagementFactory.getPlatformMBeanServer().getMBeanCount(),
                ScheduledTasks.on(transport),
                inBroker.sessions(),
                inBroker.subscriptions(),
                inBroker.treeNodes(),
                inTransport.connections(),
                inTransport.activeBuffers());
    }

    private static Map<String, Long> servicesNow(BundleContext context) {
        try {
            return Stream.of(context.getAllServiceReferences(null, null))
                    .map(service -> String.join(", ", (String[]) service.getProperty(Constants.OBJECTCLASS)))
                    .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
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
            return open.filter(descriptor -> !isSegment(descriptor)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSegment(Path descriptor) {
        try {
            return SEGMENT.matcher(Files.readSymbolicLink(descriptor).toString())
                    .find();
        } catch (IOException e) {
            return false; // closed meanwhile, or none that has a name
        }
    }

    /** What is not as it was at an earlier moment, one sentence each: empty when everything is. A thread, or a timer, that has ended since is no residue. */
    public List<String> since(Residue before) {
        List<String> other = new ArrayList<>();
        threads.forEach((name, count) -> {
            long earlier = before.threads.getOrDefault(name, 0L);
            compare(other, "threads \"" + name + "\"", Math.min(earlier, count), count);
        });
        compare(other, "file descriptors", before.descriptors, descriptors);
        Stream.concat(before.services.keySet().stream(), services.keySet().stream())
                .distinct()
                .forEach(name -> compare(
                        other,
                        "services " + name,
                        before.services.getOrDefault(name, 0L),
                        services.getOrDefault(name, 0L)));
        compare(other, "MBeans", before.mbeans, mbeans);
        compare(other, "scheduled tasks", Math.min(before.scheduledTasks, scheduledTasks), scheduledTasks);
        compare(other, "sessions", before.sessions, sessions);
        compare(other, "subscriptions", before.subscriptions, subscriptions);
        compare(other, "tree nodes", before.treeNodes, treeNodes);
        compare(other, "connections", before.connections, connections);
        compare(other, "active buffers", before.activeBuffers, activeBuffers);
        return other;
    }

    private static void compare(List<String> other, String what, long before, long after) {
        if (after != before) {
            other.add(what + ": " + before + " before, " + after + " after");
        }
    }
}
