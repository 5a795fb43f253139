/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.bridge.config.Overlaps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.osgi.service.component.annotations.Component;

/** What the bridges that are open were asked for and run on, for those who look at several at once or wait for one to open or close. */
@Component(service = OpenBridges.class, immediate = true)
public final class OpenBridges {
    private final Map<String, Open> byName = new TreeMap<>();
    private final Map<String, List<String>> overlaps = new HashMap<>();
    private final List<Awaited> awaited = new ArrayList<>();

    /**
     * A bridge that is open.
     *
     * @param asked the lines that it was activated with, in force or not
     * @param inForce empty where none was ever valid
     */
    record Open(Map<String, String> asked, Optional<LastValid.Configuration> inForce) {

        /** One that was activated with these properties. */
        static Open of(Map<String, ?> properties, Optional<LastValid.Configuration> inForce) {
            return new Open(BridgeReader.isTooLarge(properties) ? Map.of() : BridgeReader.lines(properties), inForce);
        }
    }

    private record Awaited(String name, Predicate<Optional<Open>> as, CompletableFuture<Boolean> come) {}

    void opened(String name, Open bridge) {
        completed(changed(() -> byName.put(name, bridge)));
    }

    void closed(String name) {
        completed(changed(() -> byName.remove(name)));
    }

    /** Makes the change, and takes out who has waited for it. */
    private synchronized List<Awaited> changed(Runnable change) {
        change.run();
        overlaps.clear();
        awaited.removeIf(each -> each.come().isDone());
        List<Awaited> come = awaited.stream()
                .filter(each -> each.as().test(get(each.name())))
                .toList();
        awaited.removeIf(each -> come.stream().anyMatch(it -> it == each));
        return come;
    }

    /** Outside of the lock: what hangs on them is not ours. */
    private static void completed(List<Awaited> come) {
        come.forEach(each -> each.come().complete(true));
    }

    synchronized Optional<Open> get(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Those of them that run on something, by name. */
    synchronized List<BridgeDefinition> definitions() {
        return byName.values().stream()
                .flatMap(open -> open.inForce().stream())
                .map(LastValid.Configuration::definition)
                .toList();
    }

    /** Where the routes of this one and of the others lead in a circle. */
    synchronized List<String> overlaps(String name) {
        return overlaps.computeIfAbsent(
                name,
                ignored -> get(name)
                        .flatMap(Open::inForce)
                        .map(inForce -> overlaps(inForce.definition()))
                        .orElse(List.of()));
    }

    /** Where the routes of such a bridge, by themselves and with those of the others, would. */
    List<String> warnings(BridgeDefinition bridge) {
        List<String> warnings = new ArrayList<>(Overlaps.within(bridge));
        warnings.addAll(overlaps(bridge));
        return warnings;
    }

    /** Where the routes of such a bridge and of the others would. */
    private List<String> overlaps(BridgeDefinition bridge) {
        return definitions().stream()
                .filter(other -> !other.name().equals(bridge.name()))
                .flatMap(other -> Overlaps.between(bridge, other).stream())
                .toList();
    }

    /** Completes with true when the bridge is so; whoever completes it before is not told. */
    synchronized CompletableFuture<Boolean> await(String name, Predicate<Optional<Open>> as) {
        if (as.test(get(name))) {
            return CompletableFuture.completedFuture(true);
        }
        Awaited wanted = new Awaited(name, as, new CompletableFuture<>());
        awaited.add(wanted);
        return wanted.come();
    }
}
