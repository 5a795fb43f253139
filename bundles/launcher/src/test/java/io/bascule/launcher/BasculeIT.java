/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import static io.bascule.launcher.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The broker as a library, from the bundles that were built. */
class BasculeIT {
    private static final long SELF = ProcessHandle.current().pid();

    @TempDir
    Path folder;

    private Path etc;
    private Settings settings;

    @BeforeEach
    void lay() throws IOException {
        etc = Files.createDirectory(folder.resolve("etc"));
        settings = new Settings(etc, folder.resolve("data"), false);
    }

    @Test
    void startsEveryBundle() throws Exception {
        try (Bascule broker = Bascule.start(settings)) {
            for (Bundle bundle : broker.context().getBundles()) {
                boolean fragment = bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
                assertThat(bundle.getState())
                        .as(bundle.getSymbolicName())
                        .isEqualTo(fragment ? Bundle.RESOLVED : Bundle.ACTIVE);
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void opensThePortOfItsListenerAndNoOther() throws Throwable {
        Set<Integer> before = Sockets.listening(SELF);
        int port = Sockets.freePort();
        listener("main", port);

        try (Bascule broker = Bascule.start(settings)) {
            assertThat(broker).isNotNull();
            eventually(() -> assertThat(opened(before)).containsExactly(port));
        }

        assertThat(opened(before)).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leavesNothingOfItselfInTheJvm() throws Throwable {
        listener("main", Sockets.freePort());
        // What a JVM keeps from the first time on, such as its own daemons, is no residue.
        Bascule.start(settings).close();
        Set<Thread> threads = threads();
        Set<Integer> ports = Sockets.listening(SELF);
        Set<String> files = Sockets.open(SELF);

        for (int i = 0; i < 5; i++) {
            // Closed while its listener is about to open.
            Bascule.start(settings).close();
        }

        assertThat(opened(ports)).isEmpty();
        eventually(() -> assertThat(threads).containsAll(threads()));
        eventually(() -> assertThat(files).containsAll(Sockets.open(SELF)));
    }

    /** This thread, which starts the broker, stays: a host's own. */
    @Test
    void leavesNoClassOfAnyBundle() throws Throwable {
        listener("main", Sockets.freePort());
        bridge("nowhere", Sockets.freePort());
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (Bascule broker = Bascule.start(settings)) {
                for (Bundle bundle : broker.context().getBundles()) {
                    ClassLoader loader = bundle.adapt(BundleWiring.class).getClassLoader();
                    boolean fragment = loader == null;
                    boolean system = bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID;
                    if (!fragment && !system) {
                        loaders.add(new WeakReference<>(loader));
                    }
                }
            }
        }

        assertThat(loaders).hasSizeGreaterThan(3 * 20);
        eventually(() -> {
            System.gc();
            assertThat(loaders).allMatch(loader -> loader.refersTo(null));
        });
    }

    @Test
    void mayBeClosedTwice() throws StartException {
        Bascule broker = Bascule.start(settings);

        broker.close();
        broker.close();
    }

    @Test
    void endsWhenItIsStoppedFromInside() throws Exception {
        try (Bascule broker = Bascule.start(settings)) {
            broker.context().getBundle(Constants.SYSTEM_BUNDLE_ID).stop();

            broker.await();
        }
    }

    @Test
    void runsOnceInADataFolder() throws StartException {
        try (Bascule broker = Bascule.start(settings)) {
            assertThat(broker).isNotNull();
            assertThatThrownBy(() -> Bascule.start(settings))
                    .hasMessage("another broker runs on the data folder " + settings.data());
        }
    }

    @Test
    void forgetsAFileThatWasDeletedWhileItWasDown() throws Exception {
        Path file = listener("gone", Sockets.freePort());
        try (Bascule broker = Bascule.start(settings)) {
            assertThat(listeners(broker)).containsExactly("io.bascule.listener~gone");
        }
        Files.delete(file);
        listener("here", Sockets.freePort());

        try (Bascule broker = Bascule.start(settings)) {
            assertThat(listeners(broker)).containsExactly("io.bascule.listener~here");
        }
    }

    @Test
    void listensByDefaultOnlyWithoutAListenerFile() throws Throwable {
        try (Bascule broker = Bascule.start(settings)) {
            assertThat(listeners(broker)).containsExactly("io.bascule.listener~default");

            Path file = listener("mine", Sockets.freePort());
            eventually(() -> assertThat(listeners(broker)).containsExactly("io.bascule.listener~mine"));

            Files.delete(file);
            eventually(() -> assertThat(listeners(broker)).isEmpty());
        }
    }

    @Test
    void givesTheDefaultListenerUpToAFileOfItsName() throws Throwable {
        int port = Sockets.freePort();
        try (Bascule broker = Bascule.start(settings)) {
            listener("default", port);

            eventually(() ->
                    assertThat(portOf(broker, "io.bascule.listener~default")).contains(Integer.toString(port)));
            eventually(() -> assertThat(listeners(broker)).containsExactly("io.bascule.listener~default"));
        }
    }

    @Test
    void opensNoOtherPortForAFileThatCannotBeUsed() throws Exception {
        Files.createSymbolicLink(etc.resolve("io.bascule.listener-broken.cfg"), etc.resolve("nowhere"));

        try (Bascule broker = Bascule.start(settings)) {
            assertThat(listeners(broker)).doesNotContain("io.bascule.listener~default");
        }
    }

    @Test
    void installsNoJarFromTheConfiguration() throws Throwable {
        try (Bascule broker = Bascule.start(settings)) {
            int bundles = broker.context().getBundles().length;
            Files.createFile(etc.resolve("a.jar"));
            listener("later", Sockets.freePort());

            eventually(() -> assertThat(listeners(broker)).containsExactly("io.bascule.listener~later"));
            assertThat(broker.context().getBundles()).hasSize(bundles);
        }
    }

    @Test
    void readsFilesAsUtf8AndSecretsFromTheirFolder() throws Exception {
        Path secrets = Files.createDirectory(etc.resolve("secrets"));
        Files.writeString(secrets.resolve("pw"), "pässwort");
        Files.writeString(etc.resolve("io.bascule.test-one.cfg"), "topic = größe/#\npassword = $[secret:pw]\n");

        try (Bascule broker = Bascule.start(settings)) {
            Configuration configuration = configuration(broker, "io.bascule.test~one");

            assertThat(configuration.getProperties().get("topic")).isEqualTo("größe/#");
            assertThat(configuration.getProcessedProperties(null).get("password"))
                    .isEqualTo("pässwort");
        }
    }

    private Path listener(String name, int port) throws IOException {
        // Whole at once: a file that is being written is read as far as it is.
        Path written = Files.writeString(folder.resolve("written"), "host = 127.0.0.1\nport = " + port + "\n");
        return Files.move(written, etc.resolve("io.bascule.listener-" + name + ".cfg"));
    }

    private void bridge(String name, int port) throws IOException {
        Files.writeString(
                etc.resolve("io.bascule.bridge-" + name + ".cfg"),
                "server = mqtt://127.0.0.1:" + port + "\nclient.id = here\nforward.all = a/#\n");
    }

    private static List<String> listeners(Bascule broker) throws Exception {
        Configuration[] found = found(broker, "(service.factoryPid=io.bascule.listener)");
        return found == null
                ? List.of()
                : Arrays.stream(found)
                        .map(BasculeIT::pid)
                        .flatMap(Optional::stream)
                        .sorted()
                        .toList();
    }

    /** Configuration Admin reads them from files, one of which may be deleted in this moment. */
    private static Configuration[] found(Bascule broker, String filter) throws Exception {
        try {
            return admin(broker).listConfigurations(filter);
        } catch (IOException e) {
            throw new AssertionError("a configuration comes or goes", e);
        }
    }

    /** Empty where there is none, perhaps since it has been deleted while it was looked at. */
    private static Optional<Object> portOf(Bascule broker, String pid) throws Exception {
        Configuration[] found = found(broker, "(service.pid=" + pid + ")");
        try {
            return found == null
                    ? Optional.empty()
                    : Optional.ofNullable(found[0].getProperties().get("port"));
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** Empty when it has been deleted since it was found: the default listener is, from when another one has a file. */
    private static Optional<String> pid(Configuration configuration) {
        try {
            return Optional.of(configuration.getPid());
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static Configuration configuration(Bascule broker, String pid) throws Exception {
        return admin(broker).listConfigurations("(service.pid=" + pid + ")")[0];
    }

    private static ConfigurationAdmin admin(Bascule broker) {
        BundleContext context = broker.context();
        return context.getService(context.getServiceReference(ConfigurationAdmin.class));
    }

    private static Set<Integer> opened(Set<Integer> before) {
        Set<Integer> ports = Sockets.listening(SELF);
        ports.removeAll(before);
        return ports;
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .collect(Collectors.toSet());
    }
}
