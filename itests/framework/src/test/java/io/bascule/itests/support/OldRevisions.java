/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** Refreshes a bundle again and again, and tells which of its class loaders nobody has let go of. */
public final class OldRevisions {
    private static final long TO_REFRESH_SECONDS = 10;

    private final Bundle bundle;
    private final FrameworkWiring framework;
    private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

    /** Of this bundle, from now on. */
    public OldRevisions(BundleContext context, Bundle bundle) {
        this.bundle = bundle;
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    }

    /** Stops the bundle, gives it a new wiring and with it a new class loader, and starts it again. */
    public void refresh() throws BundleException, InterruptedException {
        loaders.add(new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader()));
        bundle.stop();
        CountDownLatch refreshed = new CountDownLatch(1);
        framework.refreshBundles(List.of(bundle), event -> refreshed.countDown());
        if (!refreshed.await(TO_REFRESH_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(bundle + " is not refreshed after " + TO_REFRESH_SECONDS + " s");
        }
        bundle.start();
    }

    /** How many class loaders of earlier wirings are still reachable, after a garbage collection. */
    public long alive() {
        System.gc();
        return loaders.stream().filter(loader -> loader.get() != null).count();
    }
}
