/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listener on 127.0.0.1:1883 of a broker that is started without one of its own.
 *
 * <p>It is there when the etc folder holds no listener file at the start, and goes for good with the first such file
 * that is loaded. It does not come back when the files are deleted: a port that was closed by hand stays closed, and a
 * file that is renamed does not meet it on its port.
 */
final class DefaultListener implements ConfigurationListener {
    static final String FACTORY_PID = "io.bascule.listener";
    static final String NAME = "default";

    private static final Logger LOG = LoggerFactory.getLogger(DefaultListener.class);
    private static final String FILES = FACTORY_PID + "-*.{cfg,config}";
    /** FileInstall's mark on a configuration that it has read from a file. */
    private static final String FROM_FILE = "felix.fileinstall.filename";

    private final ConfigurationAdmin admin;
    private ServiceRegistration<ConfigurationListener> registration;

    private DefaultListener(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    static void provide(BundleContext framework, Path etc) throws IOException {
        if (hasListenerFile(etc)) {
            return;
        }
        ServiceReference<ConfigurationAdmin> reference = framework.getServiceReference(ConfigurationAdmin.class);
        new DefaultListener(framework.getService(reference)).open(framework);
        LOG.info("{} has no {}: listening on 127.0.0.1:1883 only", etc, FACTORY_PID + "-<name>.cfg");
    }

    /** By name, not by what was loaded: a file that cannot be read opens no other port instead. */
    private static boolean hasListenerFile(Path etc) throws IOException {
        if (!Files.isDirectory(etc)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(etc, FILES)) {
            return files.iterator().hasNext();
        }
    }

    private synchronized void open(BundleContext framework) throws IOException {
        registration = framework.registerService(ConfigurationListener.class, this, null);
        Dictionary<String, Object> properties = new Hashtable<>(Map.of("host", "127.0.0.1", "port", 1883));
        configuration().update(properties);
    }

    @Override
    public synchronized void configurationEvent(ConfigurationEvent event) {
        if (event.getType() != ConfigurationEvent.CM_UPDATED || !FACTORY_PID.equals(event.getFactoryPid())) {
            return;
        }
        try {
            Configuration mine = configuration();
            boolean takenOverByFile =
                    mine.getProperties() != null && mine.getProperties().get(FROM_FILE) != null;
            if (takenOverByFile) {
                registration.unregister();
            } else if (!event.getPid().equals(mine.getPid())) {
                registration.unregister();
                mine.delete();
                LOG.info("{} is configured: the default listener closes", event.getPid());
            }
        } catch (IOException e) {
            LOG.warn("the default listener stays beside {}: {}", event.getPid(), e.getMessage());
        }
    }

    /** Bound to nobody ({@code ?}): the bundle of the listeners gets it. */
    private Configuration configuration() throws IOException {
        return admin.getFactoryConfiguration(FACTORY_PID, NAME, "?");
    }
}
