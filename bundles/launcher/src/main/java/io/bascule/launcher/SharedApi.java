/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import io.bascule.api.Broker;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.util.tracker.ServiceTracker;

/** {@code io.bascule.api} of the class path, exported by the framework itself in place of the bundle. */
final class SharedApi {
    private static final String NAME = "io.bascule.api";
    private static final long PATIENCE_MILLIS = 10_000;

    private SharedApi() {}

    /** Whether this jar is the bundle that it takes the place of. */
    static boolean isBundle(String jar) {
        return jar.startsWith(NAME + "-");
    }

    /**
     * The packages with their versions, as the bundle would export them.
     *
     * @throws StartException when the class path has no api, or another one than the bundles were built with
     */
    static String packages() throws StartException {
        ClassLoader loader = SharedApi.class.getClassLoader();
        try {
            Class.forName(NAME + ".Broker", false, loader);
            String needed = bundled();
            for (Enumeration<URL> all = loader.getResources("META-INF/MANIFEST.MF"); all.hasMoreElements(); ) {
                String found = exports(all.nextElement());
                if (found != null && !found.equals(needed)) {
                    throw new StartException(NAME + " on the class path is not the one of this launcher: it has "
                            + found + ", not " + needed);
                }
            }
            return needed;
        } catch (ClassNotFoundException e) {
            throw new StartException("to be shared, " + NAME + " must be on the class path beside the launcher", e);
        } catch (IOException e) {
            throw new StartException(NAME + " cannot be read: " + Errors.reason(e), e);
        }
    }

    private static String bundled() throws IOException {
        String jar = BundleSet.BROKER.index().stream()
                .filter(SharedApi::isBundle)
                .findFirst()
                .orElseThrow(() -> new IOException("it is missing from the launcher's jar"));
        try (JarInputStream in = new JarInputStream(BundleSet.BROKER.open(jar))) {
            return in.getManifest().getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
        }
    }

    /** What the api exports, if this is its manifest; a jar of many has lost it. */
    private static String exports(URL manifest) throws IOException {
        URLConnection connection = manifest.openConnection();
        connection.setUseCaches(false); // which would keep the jar open for good
        try (InputStream in = connection.getInputStream()) {
            Attributes attributes = new Manifest(in).getMainAttributes();
            return NAME.equals(attributes.getValue(Constants.BUNDLE_SYMBOLICNAME))
                    ? attributes.getValue(Constants.EXPORT_PACKAGE)
                    : null;
        }
    }

    /** The broker's service, waited for. */
    static Broker broker(Framework framework) throws InterruptedException {
        BundleContext context = framework.getBundleContext();
        if (framework.getState() != Bundle.ACTIVE || context == null) {
            throw new IllegalStateException("the broker is stopped");
        }
        ServiceTracker<Broker, Broker> tracker = new ServiceTracker<>(context, Broker.class, null);
        tracker.open();
        try {
            Broker broker = tracker.waitForService(PATIENCE_MILLIS);
            if (broker == null) {
                throw new IllegalStateException(
                        "there is no broker after " + PATIENCE_MILLIS / 1000 + " s; the log says why");
            }
            return broker;
        } finally {
            tracker.close();
        }
    }
}
