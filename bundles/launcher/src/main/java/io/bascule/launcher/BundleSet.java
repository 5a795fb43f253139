/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Jars inside the launcher's jar that are installed together, listed in the {@code index.txt} beside them in the order
 * of their names. In that order they start: Configuration Admin before File Install, which then reads all files at once.
 */
enum BundleSet {
    /** What the broker stands on, down to the reading of its configuration. */
    PLATFORM("/bundles/platform/"),
    /** Our own. */
    BROKER("/bundles/broker/"),
    /** What a console needs besides. */
    CONSOLE("/bundles/console/");

    private final String folder;

    BundleSet(String folder) {
        this.folder = folder;
    }

    /** Installs all of them, so that each finds its packages whichever is started first. */
    List<Bundle> install(BundleContext framework) throws BundleException, IOException {
        return install(framework, jar -> true);
    }

    /** The same without some of them. */
    List<Bundle> install(BundleContext framework, Predicate<String> wanted) throws BundleException, IOException {
        List<Bundle> bundles = new ArrayList<>();
        for (String jar : index()) {
            if (!wanted.test(jar)) {
                continue;
            }
            try (InputStream in = open(jar)) {
                bundles.add(framework.installBundle("bascule:" + jar, in));
            }
        }
        return bundles;
    }

    static void start(Iterable<Bundle> bundles) throws BundleException {
        for (Bundle bundle : bundles) {
            boolean fragment = (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
            if (!fragment) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
    }

    /** The names of the jars. */
    List<String> index() throws IOException {
        try (InputStream in = open("index.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** One of them. */
    InputStream open(String name) throws IOException {
        InputStream in = BundleSet.class.getResourceAsStream(folder + name);
        if (in == null) {
            throw new FileNotFoundException(folder + name + " is missing from the launcher's jar");
        }
        return in;
    }
}
