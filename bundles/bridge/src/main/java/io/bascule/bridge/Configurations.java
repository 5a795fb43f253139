/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.api.BridgeConfigurations;
import io.bascule.api.BridgeRoute;
import io.bascule.api.ConfigurationRefusedException;
import io.bascule.api.RouteTrial;
import io.bascule.bridge.config.Asked;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.bridge.file.CfgFile;
import io.bascule.bridge.file.WholeFile;
import io.bascule.config.ConfigReader;
import io.bascule.config.Nearest;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.transport.Transport;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Looks at the configurations of the bridges, and edits them where they are kept; see {@link Store}. It remembers nothing of them. */
@Component(service = BridgeConfigurations.class, immediate = true)
public final class Configurations implements BridgeConfigurations {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String TYPED =
            "the file is in Felix's notation with types, which is neither checked nor edited here;"
                    + " write key = value, without quotes";
    private static final long LARGEST_FILE = 16 << 20;

    private final Store store;
    private final Filling filling;
    private final Transport transport;
    private final OpenBridges openBridges;
    private final ResourceScope scope = new ResourceScope("bridge configurations");

    /** Knows nothing yet. */
    @Activate
    public Configurations(
            BundleContext context,
            @Reference ConfigurationAdmin admin,
            @Reference Transport transport,
            @Reference OpenBridges openBridges) {
        this.store = new Store(context, admin);
        this.filling = new Filling(context);
        this.transport = transport;
        this.openBridges = openBridges;
    }

    @Deactivate
    void deactivate() {
        scope.close();
    }

    /** What a configuration comes to. */
    private record Judged(Findings findings, Map<String, Object> filled) {

        Judged orRefused() throws ConfigurationRefusedException {
            if (!findings.errors().isEmpty()) {
                throw new ConfigurationRefusedException(findings.errors().stream()
                        .map(error ->
                                error.line().map(line -> "line " + line + ": ").orElse("") + error.sentence())
                        .toList());
            }
            return this;
        }
    }

    @Override
    public Findings validate(String name, Map<String, String> properties) {
        return judge(name, empty().with(properties, Set.of()), false).findings();
    }

    @Override
    public Findings validate(Path file) throws IOException {
        return judge(Store.name(file), read(file, StandardCharsets.UTF_8), true).findings();
    }

    private Judged judge(String name, CfgFile file, boolean withLines) {
        if (file.isTyped()) {
            return new Judged(new Findings(List.of(new Finding(Optional.empty(), TYPED)), List.of()), Map.of());
        }
        List<Finding> errors = new ArrayList<>();
        file.faults().forEach(fault -> errors.add(new Finding(Optional.of(fault.line()), fault.sentence())));
        Map<String, Object> filled;
        try {
            filled = filling.ofFile(name, file.values());
        } catch (IllegalArgumentException e) {
            errors.add(new Finding(Optional.empty(), e.getMessage()));
            return new Judged(new Findings(errors, List.of()), Map.of());
        }
        Judged judged = judge(name, filled);
        judged.findings().errors().stream()
                .map(Finding::sentence)
                .map(sentence -> new Finding(withLines ? lineOf(sentence, file) : Optional.empty(), sentence))
                .forEach(errors::add);
        List<String> warnings = new ArrayList<>(file.warnings());
        warnings.addAll(judged.findings().warnings());
        return new Judged(new Findings(errors, warnings), filled);
    }

    private Judged judge(String name, Map<String, Object> filled) {
        BridgeReader.Result read = BridgeReader.read(name, filled);
        List<Finding> errors = read.errors().stream()
                .map(sentence -> new Finding(Optional.empty(), sentence))
                .toList();
        List<String> warnings = read.definition().map(openBridges::warnings).orElse(List.of());
        return new Judged(new Findings(errors, warnings), filled);
    }

    /** The line of the key that the sentence begins with. */
    private static Optional<Integer> lineOf(String sentence, CfgFile file) {
        return file.values().keySet().stream()
                .filter(key -> sentence.startsWith(key + ": "))
                .findFirst()
                .flatMap(file::lineOf);
    }

    private CfgFile empty() {
        return CfgFile.of(new byte[0], store.charset());
    }

    private static CfgFile read(Path file, Charset charset) throws IOException {
        if (!Files.isRegularFile(file)) { // a device may have no end
            throw new NoSuchFileException(file.toString());
        }
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw new IOException(file + " has " + size + " bytes; allowed are at most " + LARGEST_FILE);
        }
        return CfgFile.of(Files.readAllBytes(file), charset);
    }

    @Override
    public synchronized CompletionStage<Change> add(String name, Map<String, String> properties)
            throws IOException, ConfigurationRefusedException {
        if (!Store.isName(name)) {
            throw refused("\"" + name + "\" is no name of a bridge; allowed are letters, digits and . _ -, 100 at most,"
                    + " with a letter or digit first");
        }
        if (store.find(name).isPresent()) {
            throw refused("there is a bridge " + name + " already");
        }
        checkKeys(properties.keySet());
        checkCases(properties.keySet());
        Optional<Path> place = store.watchedFile(name);
        if (place.isEmpty()) {
            Judged judged =
                    judge(name, filling.ofConfiguration(name, properties)).orRefused();
            store.configuration(name).update(new Hashtable<>(properties));
            return whenTakenUp(name, place, judged);
        }
        CfgFile file = empty().with(properties, Set.of());
        Judged judged = judge(name, file, false).orRefused();
        WholeFile.write(place.get(), file.bytes());
        return whenTakenUp(name, place, judged);
    }

    @Override
    public synchronized CompletionStage<Change> set(String name, Map<String, String> changes, Set<String> removals)
            throws IOException, ConfigurationRefusedException {
        Store.Stored stored = stored(name);
        checkKeys(changes.keySet());
        refuse(removals.stream().filter(changes::containsKey).map(key -> key + ": is to be changed and to go"));
        if (stored.file().isEmpty()) {
            return setInAdmin(name, stored.configuration().orElseThrow(), changes, removals);
        }
        Path place = stored.file().get();
        CfgFile file = read(place, store.charset());
        checkEditable(file);
        checkPresent(file.values().keySet(), removals);
        CfgFile edited = file.with(changes, removals);
        checkCases(edited.values().keySet());
        Judged judged = judge(name, edited, false).orRefused();
        if (!Arrays.equals(file.bytes(), Files.readAllBytes(place))) {
            throw refused("somebody else has written " + place + " at the same time; try again");
        }
        if (!Arrays.equals(file.bytes(), edited.bytes())) {
            WholeFile.write(place, edited.bytes());
        }
        return whenTakenUp(name, stored.file(), judged);
    }

    private CompletionStage<Change> setInAdmin(
            String name, Configuration configuration, Map<String, String> changes, Set<String> removals)
            throws IOException, ConfigurationRefusedException {
        Map<String, Object> edited = values(configuration);
        checkPresent(edited.keySet(), removals);
        edited.keySet().removeAll(removals);
        edited.putAll(changes);
        checkCases(edited.keySet());
        Judged judged = judge(name, filling.ofConfiguration(name, edited)).orRefused();
        configuration.updateIfDifferent(new Hashtable<>(edited));
        return whenTakenUp(name, Optional.empty(), judged);
    }

    private static Map<String, Object> values(Configuration configuration) {
        Map<String, Object> values = new LinkedHashMap<>();
        Optional.ofNullable(configuration.getProperties())
                .ifPresent(properties -> Collections.list(properties.keys()).stream()
                        .filter(key -> !ConfigReader.isFrameworkKey(key))
                        .forEach(key -> values.put(key, properties.get(key))));
        return values;
    }

    @Override
    public synchronized CompletionStage<Change> remove(String name) throws IOException, ConfigurationRefusedException {
        Store.Stored stored = stored(name);
        if (stored.file().isPresent()) {
            WholeFile.delete(stored.file().get());
        } else {
            stored.configuration().orElseThrow().delete();
        }
        return when(name, Optional::isEmpty).thenApply(closed -> new Change(stored.file(), closed, List.of()));
    }

    private Store.Stored stored(String name) throws IOException, ConfigurationRefusedException {
        return store.find(name).orElseThrow(() -> refused("there is no bridge " + name));
    }

    /** What is added to a file that is not whole might become part of what it ends with. */
    private static void checkEditable(CfgFile file) throws ConfigurationRefusedException {
        refuse(Stream.concat(
                file.isTyped() ? Stream.of(TYPED) : Stream.empty(),
                file.faults().stream().map(fault -> "line " + fault.line() + ": " + fault.sentence())));
    }

    private static void checkKeys(Set<String> keys) throws ConfigurationRefusedException {
        refuse(keys.stream()
                .filter(key -> key.isEmpty() || ConfigReader.isFrameworkKey(key))
                .map(key -> (key.isEmpty() ? "\"\"" : key) + ": is not a key of a bridge"));
    }

    /** Configuration Admin takes no two keys that differ in case alone (Compendium, section 104.4.3). */
    private static void checkCases(Set<String> keys) throws ConfigurationRefusedException {
        NavigableMap<String, String> before = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        refuse(keys.stream()
                .filter(key -> before.putIfAbsent(key, key) != null)
                .map(key -> key + ": is there in another case, as " + before.get(key) + "; allowed is one of them"));
    }

    private static void checkPresent(Set<String> present, Set<String> removals) throws ConfigurationRefusedException {
        refuse(removals.stream()
                .filter(key -> !present.contains(key))
                .map(key -> key + ": is not there"
                        + Nearest.to(key, present)
                                .map(nearest -> "; did you mean " + nearest + "?")
                                .orElse("")));
    }

    private static void refuse(Stream<String> errors) throws ConfigurationRefusedException {
        List<String> all = errors.toList();
        if (!all.isEmpty()) {
            throw new ConfigurationRefusedException(all);
        }
    }

    private static ConfigurationRefusedException refused(String error) {
        return new ConfigurationRefusedException(List.of(error));
    }

    private CompletionStage<Change> whenTakenUp(String name, Optional<Path> file, Judged judged) {
        Map<String, String> asked = BridgeReader.lines(judged.filled());
        return when(name, now -> now.filter(open -> open.asked().equals(asked)).isPresent())
                .thenApply(
                        takenUp -> new Change(file, takenUp, judged.findings().warnings()));
    }

    /** Completes with whether the bridge is so, in time. */
    private CompletableFuture<Boolean> when(String name, Predicate<Optional<OpenBridges.Open>> as) {
        CompletableFuture<Boolean> come = openBridges.await(name, as);
        if (!come.isDone()) {
            AutoCloseable timer = transport.nextEventLoop().schedule(PATIENCE, () -> come.complete(false));
            Lease lease = scope.hold(ResourceKind.TASK, () -> {
                timer.close();
                come.complete(false);
            });
            come.whenComplete((done, trouble) -> lease.close());
        }
        return come;
    }

    @Override
    public List<Difference> diff(String name) throws IOException, ConfigurationRefusedException {
        Store.Stored stored = stored(name);
        Asked inForce = openBridges
                .get(name)
                .flatMap(OpenBridges.Open::inForce)
                .map(LastValid.Configuration::lines)
                .orElse(Asked.of(Map.of()));
        return Asked.of(filled(name, stored)).differences(inForce);
    }

    private Map<String, Object> filled(String name, Store.Stored stored)
            throws IOException, ConfigurationRefusedException {
        Optional<CfgFile> file = Optional.empty();
        if (stored.file().isPresent()) {
            file = Optional.of(read(stored.file().get(), store.charset()))
                    .filter(read -> !read.isTyped() || stored.configuration().isEmpty());
        }
        if (file.isEmpty()) {
            return filling.ofConfiguration(name, values(stored.configuration().orElseThrow()));
        }
        try {
            return filling.ofFile(name, file.get().values());
        } catch (IllegalArgumentException e) {
            throw refused(e.getMessage());
        }
    }

    @Override
    public List<BridgeRoute> routes() {
        return openBridges.definitions().stream()
                .flatMap(bridge -> Trials.routes(bridge).stream())
                .toList();
    }

    @Override
    public List<RouteTrial> test(Topic topic, QoS qos, boolean retain) {
        return openBridges.definitions().stream()
                .flatMap(bridge -> Trials.of(bridge, topic, qos, retain).stream())
                .toList();
    }
}
