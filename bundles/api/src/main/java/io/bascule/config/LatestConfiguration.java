/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * What Configuration Admin holds, at the moment of activation, of the configuration that a component is activated with.
 *
 * <p>Felix SCR (2.1.16 and 2.2.18, {@code RegionConfigurationSupport.getConfigurationInfo}) reads a configuration's properties before its
 * change count. An edit that falls between the two gives a component the properties from before it and the change count from after it, and
 * the event of that edit is then passed over as nothing new: the component stays on the edit before. Whoever asks here instead gets the
 * last edit, since activation comes after the change count was read, and any later edit brings an event of its own.
 */
public final class LatestConfiguration {
    private LatestConfiguration() {}

    /**
     * The properties as they are now, with their placeholders filled; those given, where there is no configuration of their PID any more.
     *
     * @param context of the component's bundle
     * @param activatedWith what the component was activated with
     */
    public static Map<String, Object> of(BundleContext context, Map<String, Object> activatedWith) {
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        if (reference == null || !(activatedWith.get(Constants.SERVICE_PID) instanceof String pid)) {
            return activatedWith;
        }
        ConfigurationAdmin admin = context.getService(reference);
        try {
            Configuration[] found = admin.listConfigurations("(" + Constants.SERVICE_PID + "=" + escape(pid) + ")");
            return found == null ? activatedWith : asMap(found[0].getProcessedProperties(reference));
        } catch (IOException e) {
            throw new UncheckedIOException("configuration " + pid + " cannot be read", e);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("PID " + pid + " is not escaped well", e);
        } finally {
            context.ungetService(reference);
        }
    }

    /** Core specification, section 3.2.7. */
    private static String escape(String value) {
        return value.replaceAll("[\\\\*()]", "\\\\$0");
    }

    private static Map<String, Object> asMap(Dictionary<String, Object> properties) {
        Map<String, Object> map = new HashMap<>();
        for (Enumeration<String> keys = properties.keys(); keys.hasMoreElements(); ) {
            String key = keys.nextElement();
            map.put(key, properties.get(key));
        }
        return map;
    }
}
