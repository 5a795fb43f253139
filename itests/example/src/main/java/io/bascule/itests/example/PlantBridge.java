/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import io.bascule.api.OpenListener;
import java.io.IOException;
import java.util.Hashtable;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Bridges alarms to a broker: to this one, over its own listener, once that is open. */
@Component(
        immediate = true,
        service = {})
public final class PlantBridge {
    private final Configuration bridge;

    @Activate
    public PlantBridge(
            @Reference ConfigurationAdmin configurations,
            @Reference(target = "(listener.name=plant)") OpenListener listener)
            throws IOException {
        bridge = configurations.getFactoryConfiguration("io.bascule.bridge", "plant", "?");
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("server", "mqtt://127.0.0.1:" + listener.address().getPort());
        properties.put("forward.alarms", "alarms/# -> plant7/alarms/{#} qos=1");
        bridge.updateIfDifferent(properties);
    }

    @Deactivate
    void close() throws IOException {
        bridge.delete();
    }
}
