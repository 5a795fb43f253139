/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import io.bascule.api.Broker;
import java.io.IOException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * A running broker in a framework of its own. It may be started, stopped and started again in one JVM; two at a time
 * need two data folders. It owns threads and the files under the data folder, and nothing of the JVM: no shutdown hook,
 * no system property, no URL handler.
 */
public final class Bascule implements AutoCloseable {
    /** A broker with everything to say goodbye to takes a second or two; after this it is left to the JVM's end. */
    private static final long STOP_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private final Framework framework;
    private final DataFolder data;
    private final boolean sharesApi;

    private Bascule(Framework framework, DataFolder data, boolean sharesApi) {
        this.framework = framework;
        this.data = data;
        this.sharesApi = sharesApi;
    }

    /**
     * Starts a broker and returns when every bundle runs and the configuration files have been read. Listeners and
     * bridges then open on their own.
     *
     * @throws StartException with the reason in one sentence; nothing is left running
     */
    public static Bascule start(Settings settings) throws StartException {
        settings.check();
        FrameworkFactory factory = ServiceLoader.load(FrameworkFactory.class, Bascule.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new StartException("there is no OSGi framework on the class path"));
        Framework framework = factory.newFramework(FrameworkProperties.of(settings));
        Bascule broker = new Bascule(framework, DataFolder.take(settings.data()), settings.sharesApi());
        try {
            framework.init();
            broker.run(settings);
            return broker;
        } catch (BundleException | IOException | RuntimeException e) {
            broker.close();
            throw new StartException("the broker's bundles do not start: " + Errors.reason(e), e);
        }
    }

    /**
     * Everything is installed before anything is started, so that each bundle finds the packages that it can do
     * without. The configuration is read before the broker's bundles start: their components begin once, with what is in
     * the files, on this thread. They stop before the platform, in the reverse order of their installation: no
     * configuration is on its way to a component that is being stopped, which would not be told of the stop.
     */
    private void run(Settings settings) throws BundleException, IOException {
        BundleContext context = framework.getBundleContext();
        List<Bundle> platform = BundleSet.PLATFORM.install(context);
        List<Bundle> bundles =
                BundleSet.BROKER.install(context, jar -> !(settings.sharesApi() && SharedApi.isBundle(jar)));
        Console console = settings.console() ? Console.install(framework, settings.data()) : null;
        framework.start();
        BundleSet.start(platform);
        DefaultListener.provide(context, settings.etc());
        BundleSet.start(bundles);
        if (console != null) {
            console.start();
        }
    }

    /** The framework's own context: a way to the broker's services, and to add bundles. */
    public BundleContext context() {
        return framework.getBundleContext();
    }

    /**
     * The broker, for a host that shares the api with it ({@link Settings#sharingApi()}). Waits for it, 10 s at most: it is gone
     * for a moment while its configuration is edited. It is another one afterwards, so do not keep it: ask for it again.
     *
     * @throws IllegalStateException when the api is not shared, when the broker is stopped, or when it does not come
     */
    public Broker broker() throws InterruptedException {
        if (!sharesApi) {
            throw new IllegalStateException("the broker keeps its api to itself: start it with Settings.sharingApi()");
        }
        return SharedApi.broker(framework);
    }

    /** Waits until the broker is stopped, by {@link #close()} or from its console. */
    public void await() throws InterruptedException {
        int event;
        do {
            event = framework.waitForStop(0).getType();
        } while (event == FrameworkEvent.STOPPED_UPDATE || event == FrameworkEvent.STOPPED_SYSTEM_REFRESHED);
    }

    /** Stops the broker and waits for it, 10 s at most. The second call does nothing. */
    @Override
    public void close() {
        try (data) {
            framework.stop();
            framework.waitForStop(STOP_MILLIS);
        } catch (BundleException e) {
            // Thrown for a missing permission only, which a framework without a security manager never asks for.
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
