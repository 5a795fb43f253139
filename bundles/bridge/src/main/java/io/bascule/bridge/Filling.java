/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.bridge.config.BridgeReader;
import io.bascule.bridge.file.Placeholders;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of the placeholders of a configuration before a component sees it. */
final class Filling {
    private static final Logger LOG = LoggerFactory.getLogger(Filling.class);

    private final BundleContext context;

    Filling(BundleContext context) {
        this.context = context;
    }

    /**
     * What File Install and then the plugins of Configuration Admin make of the values of a file.
     *
     * @throws IllegalArgumentException where File Install would give up; the message says why
     */
    Map<String, Object> ofFile(String name, Map<String, String> values) {
        if (BridgeReader.isTooLarge(values)) {
            return Map.copyOf(values); // nobody will look further
        }
        return ofConfiguration(name, Placeholders.filled(values, context::getProperty));
    }

    /** What the plugins of Configuration Admin make of these values (Compendium, section 104.9). */
    Map<String, Object> ofConfiguration(String name, Map<String, ?> values) {
        Hashtable<String, Object> properties = new Hashtable<>(values);
        properties.put(Constants.SERVICE_PID, BridgeComponent.PID + "~" + name);
        properties.put(ConfigurationAdmin.SERVICE_FACTORYPID, BridgeComponent.PID);
        ServiceReference<ConfigurationAdmin> reader = context.getServiceReference(ConfigurationAdmin.class);
        for (ServiceReference<ConfigurationPlugin> reference : plugins()) {
            ConfigurationPlugin plugin = context.getService(reference);
            if (plugin != null) {
                try {
                    plugin.modifyConfiguration(reader, properties);
                } catch (RuntimeException e) { // as Configuration Admin has it
                    LOG.debug("bridge {}: a plugin of Configuration Admin failed", name, e);
                } finally {
                    context.ungetService(reference);
                }
            }
        }
        return new TreeMap<>(properties);
    }

    private List<ServiceReference<ConfigurationPlugin>> plugins() {
        try {
            return context.getServiceReferences(ConfigurationPlugin.class, null).stream()
                    .filter(Filling::isForBridges)
                    .sorted(Comparator.comparing(Filling::ranking))
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isForBridges(ServiceReference<?> plugin) {
        Object target = plugin.getProperty(ConfigurationPlugin.CM_TARGET);
        return target == null
                || target.equals(BridgeComponent.PID)
                || target instanceof Object[] pids && Arrays.asList(pids).contains(BridgeComponent.PID)
                || target instanceof Iterable<?> && target.toString().contains(BridgeComponent.PID);
    }

    private static int ranking(ServiceReference<?> plugin) {
        return plugin.getProperty(ConfigurationPlugin.CM_RANKING) instanceof Integer ranking ? ranking : 0;
    }
}
