/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import com.hivemq.client.mqtt.MqttClient;
import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.ScramMechanism;
import io.bascule.api.Bridge;
import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.api.DeletedBridges;
import io.bascule.api.Listener;
import io.bascule.api.ListenerStatus;
import io.bascule.itests.secrets.Canary;
import io.bascule.transport.Transport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.assertj.core.api.Assertions;
import org.junit.After;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A test class that runs inside Felix, as one more bundle beside ours; a framework of its own for each class. Configurations are given to
 * ConfigurationAdmin as FileInstall would do it, and are taken back after each test.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public abstract class InFramework {
    private static final String LISTENER = "io.bascule.listener";
    private static final String BRIDGE = "io.bascule.bridge";

    @Inject
    protected BundleContext context;

    @Inject
    protected Broker broker;

    @Inject
    protected Transport transport;

    @Inject
    private ConfigurationAdmin configurations;

    private final Map<String, String> configured = new LinkedHashMap<>();

    /** Our bundles and what they need; AssertJ, HiveMQ's client and a client of SCRAM come from the class path of this JVM. */
    @Configuration
    public Option[] framework() throws IOException {
        return options(
                composite(bundles()
                        // Would watch a folder of its own accord.
                        .filter(jar -> !jar.getFileName().toString().contains("fileinstall"))
                        .map(jar -> bundle(jar.toUri().toString()).start(!Bundles.isFragment(jar)))
                        .toArray(Option[]::new)),
                frameworkProperty("bascule.data")
                        .value(Folders.create("data-of-" + getClass().getSimpleName())
                                .toString()),
                junitBundles(),
                systemPackages(Stream.of(
                                packages(Assertions.class, "org.assertj.core"),
                                packages(MqttClient.class, "com.hivemq.client.mqtt"),
                                packages(ScramClient.class, "com.ongres.scram.client"),
                                packages(ScramMechanism.class, "com.ongres.scram.common"),
                                Stream.of(Canary.class.getPackageName()))
                        .flatMap(Function.identity())
                        .toArray(String[]::new)),
                systemProperty("org.ops4j.pax.logging.DefaultServiceLog.level").value("WARN"));
    }

    /** What is installed into the framework. */
    protected Stream<Path> bundles() {
        return Bundles.runtime().stream();
    }

    /** The packages below this one in the jar that this class comes from. */
    protected static Stream<String> packages(Class<?> type, String root) throws IOException {
        try (JarFile jar = new JarFile(jarOf(type).toFile())) {
            return jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class") && name.startsWith(root.replace('.', '/')))
                    .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
                    .distinct()
                    .toList()
                    .stream();
        }
    }

    private static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes back what the test has configured. */
    @After
    public void deleteConfigurations() throws IOException {
        for (Map.Entry<String, String> each : Map.copyOf(configured).entrySet()) {
            delete(each.getValue(), each.getKey().substring(each.getKey().indexOf('~') + 1));
        }
        Eventually.eventually(() -> {
            Assertions.assertThat(services(Listener.class)).isEmpty();
            Assertions.assertThat(services(Bridge.class)).isEmpty();
        });
        // A bridge is gone before it is among those that are deleted.
        Eventually.eventually("no session of a bridge is left", () -> {
            deletedBridges().list().forEach(bridge -> deletedBridges().purge(bridge.name()));
            return service(Broker.class).sessions().stream()
                    .noneMatch(session -> session.clientId().startsWith("bridge:"));
        });
    }

    /** As if {@code etc/io.bascule.listener-<name>.cfg} had been written. */
    protected void configureListener(String name, Map<String, String> properties) throws IOException {
        configure(LISTENER, name, properties);
    }

    /** As if {@code etc/io.bascule.bridge-<name>.cfg} had been written. */
    protected void configureBridge(String name, Map<String, String> properties) throws IOException {
        configure(BRIDGE, name, properties);
    }

    /** As if {@code etc/<pid>.cfg} had been written, or deleted where there are no properties. It stays after the test. */
    protected void configureSingleton(String pid, Map<String, String> properties) throws IOException {
        org.osgi.service.cm.Configuration configuration = configurations.getConfiguration(pid, "?");
        if (properties.isEmpty()) {
            configuration.delete();
        } else {
            configuration.update(new Hashtable<>(properties));
        }
    }

    /** The same where this restarts the broker: returns when there is another one. */
    protected void restartBroker(String pid, Map<String, String> properties) throws IOException {
        String before = service(Broker.class).id();
        configureSingleton(pid, properties);
        Eventually.eventually(
                "there is another broker", () -> !service(Broker.class).id().equals(before));
    }

    /** As if the file had been deleted. */
    protected void deleteListener(String name) throws IOException {
        delete(LISTENER, name);
    }

    /** As if the file had been deleted. */
    protected void deleteBridge(String name) throws IOException {
        delete(BRIDGE, name);
    }

    /** As if {@code etc/<factoryPid>-<name>.cfg} had been written. */
    protected void configure(String factoryPid, String name, Map<String, String> properties) throws IOException {
        configured.put(factoryPid + "~" + name, factoryPid);
        configurations.getFactoryConfiguration(factoryPid, name, "?").update(new Hashtable<>(properties));
    }

    /** As if the file had been deleted. */
    protected void delete(String factoryPid, String name) throws IOException {
        configured.remove(factoryPid + "~" + name);
        configurations.getFactoryConfiguration(factoryPid, name, "?").delete();
    }

    /** Configures a listener on a port that the system chooses, waits until it is open, and tells the port. */
    protected int openListener(String name) throws IOException {
        configureListener(name, Map.of("host", "127.0.0.1", "port", "0"));
        return awaitOpen(name);
    }

    /** Waits until the listener is open, and tells its port. */
    protected int awaitOpen(String name) {
        return Eventually.value(
                        "listener " + name + " is open",
                        () -> listener(name).filter(status -> status.state() == ListenerStatus.State.OPEN))
                .port();
    }

    /** Waits until the bridge is connected. */
    protected void awaitConnected(String name) {
        Eventually.eventually(() -> Assertions.assertThat(bridge(name))
                .hasValueSatisfying(status -> Assertions.assertThat(status.state())
                        .as("%s", status)
                        .isEqualTo(BridgeStatus.State.CONNECTED)));
    }

    /** How a listener stands; empty when there is none of this name. */
    protected Optional<ListenerStatus> listener(String name) {
        return services(Listener.class)
                .map(Listener::status)
                .filter(status -> status.name().equals(name))
                .findAny();
    }

    /** How a bridge stands; empty when there is none of this name. */
    protected Optional<BridgeStatus> bridge(String name) {
        return services(Bridge.class)
                .map(Bridge::status)
                .filter(status -> status.name().equals(name))
                .findAny();
    }

    /** The bridge itself, by which it is controlled. */
    protected Bridge control(String name) {
        return Eventually.value(
                "bridge " + name + " is there",
                () -> services(Bridge.class)
                        .filter(bridge -> bridge.status().name().equals(name))
                        .findAny());
    }

    /** What came into a route has left it, waits, or was dropped for a reason. */
    protected void balances(String name) {
        Eventually.eventually(() -> {
            for (BridgeStatus.Route route : bridge(name).orElseThrow().routes()) {
                long dropped = route.dropped().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                Assertions.assertThat(route.forwarded() + dropped)
                        .as(route.toString())
                        .isEqualTo(route.received());
            }
        });
    }

    /** Where bridges are that were. */
    protected DeletedBridges deletedBridges() {
        return service(DeletedBridges.class);
    }

    /** The service of this type, of which there is one. */
    protected <S> S service(Class<S> type) {
        return Eventually.value(
                "there is a " + type.getSimpleName(), () -> services(type).findAny());
    }

    /** What Gogo prints for a line that somebody types. */
    protected String console(String line) {
        CommandProcessor gogo = service(CommandProcessor.class);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try (CommandSession session = gogo.createSession(new ByteArrayInputStream(new byte[0]), out, out)) {
            session.execute(line);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        String printed = bytes.toString(StandardCharsets.UTF_8).strip();
        assertThat(printed).doesNotContain(Canary.WORD);
        return printed;
    }

    /** A bundle by its symbolic name. */
    protected Bundle installed(String symbolicName) {
        return Stream.of(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findAny()
                .orElseThrow();
    }

    private <S> Stream<S> services(Class<S> type) {
        try {
            return context.getServiceReferences(type, null).stream()
                    .map(this::service)
                    .flatMap(Optional::stream);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The service, which is not held on to; empty when it has gone meanwhile. */
    private <S> Optional<S> service(ServiceReference<S> reference) {
        Optional<S> service = Optional.ofNullable(context.getService(reference));
        service.ifPresent(it -> context.ungetService(reference));
        return service;
    }
}
