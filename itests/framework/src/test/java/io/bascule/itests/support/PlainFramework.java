/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** A framework with our bundles and nothing of the tests in it, configured by the files of a folder as on a gateway. */
public final class PlainFramework implements AutoCloseable {
    private static final long STOP_TIMEOUT_MILLIS = 10_000;
    /** In both of its versions, as pax-logging has it in Karaf: the bus of typed events does not know the newer one. */
    private static final String SLF4J = Stream.of("org.slf4j", "org.slf4j.spi", "org.slf4j.event", "org.slf4j.helpers")
            .map(name -> name + ";version=2.0.17," + name + ";version=1.7.36")
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();

    private final Framework framework;
    private final Path folder;

    private PlainFramework(FrameworkFactory factory, Map<String, String> properties) {
        folder = Folders.create("framework");
        Map<String, String> all = new HashMap<>(properties);
        all.put(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString());
        all.put("bascule.data", folder.resolve("data").toString());
        all.put("felix.fileinstall.dir", etc().toString());
        all.put("felix.fileinstall.filter", ".*\\.cfg");
        all.put("felix.fileinstall.poll", "100");
        all.put("felix.fileinstall.noInitialDelay", "true");
        all.put("felix.fileinstall.enableConfigSave", "false");
        framework = factory.newFramework(all);
    }

    /** Felix with the components and the slf4j that we build against. */
    public static PlainFramework felix() {
        FrameworkFactory factory =
                ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow();
        PlainFramework it = new PlainFramework(factory, Map.of(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SLF4J));
        return it.start(ours());
    }

    /** Equinox with the components and the slf4j that older gateways have. */
    public static PlainFramework equinox() throws MalformedURLException {
        Path folder = Path.of(System.getProperty("equinox"));
        URL jar = Bundles.jars(folder).get(0).toUri().toURL();
        // Its classes come from there, the interfaces of the OSGi framework from this class path.
        URLClassLoader loader = new URLClassLoader(new URL[] {jar}, PlainFramework.class.getClassLoader());
        FrameworkFactory factory = ServiceLoader.load(FrameworkFactory.class, loader).stream()
                .filter(provider -> provider.type().getClassLoader() == loader)
                .findFirst()
                .orElseThrow()
                .get();
        List<Path> bundles = new ArrayList<>(Bundles.jars(folder.resolve("bundles")));
        List<String> replaced = List.of("felix.configadmin", "felix.scr", "osgi.service.component");
        ours().stream()
                .filter(bundle -> replaced.stream()
                        .noneMatch(name -> bundle.getFileName().toString().contains(name)))
                .forEach(bundles::add);
        return new PlainFramework(factory, Map.of()).start(bundles);
    }

    private static List<Path> ours() {
        return Stream.of(Bundles.runtime(), Bundles.adapters())
                .flatMap(List::stream)
                .toList();
    }

    private PlainFramework start(List<Path> bundles) {
        try {
            Files.createDirectories(etc());
            framework.start();
            List<Bundle> installed = new ArrayList<>();
            for (Path bundle : bundles) {
                installed.add(context().installBundle(bundle.toUri().toString()));
            }
            for (Bundle bundle : installed) {
                if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                    bundle.start();
                }
            }
            return this;
        } catch (BundleException | IOException e) {
            close();
            throw new IllegalStateException(e);
        }
    }

    /** The folder whose {@code .cfg} files are its configuration. */
    public Path etc() {
        return folder.resolve("etc");
    }

    /** The system bundle's context. */
    public BundleContext context() {
        return framework.getBundleContext();
    }

    /** Installs a bundle without starting it. */
    public Bundle install(String location, InputStream content) throws BundleException {
        return context().installBundle(location, content);
    }

    @Override
    public void close() {
        try {
            framework.stop();
            framework.waitForStop(STOP_TIMEOUT_MILLIS);
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Folders.delete(folder);
    }

    @Override
    public String toString() {
        return framework.getSymbolicName() + " " + framework.getVersion();
    }
}
