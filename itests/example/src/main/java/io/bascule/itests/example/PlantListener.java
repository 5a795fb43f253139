/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import java.io.IOException;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Configures a listener, without a file. */
@Component(
        immediate = true,
        service = {})
public final class PlantListener {
    private final Configuration listener;

    @Activate
    public PlantListener(@Reference ConfigurationAdmin configurations) throws IOException {
        listener = configurations.getFactoryConfiguration("io.bascule.listener", "plant", "?");
        listener.updateIfDifferent(new Hashtable<>(Map.of("host", "127.0.0.1", "port", 0)));
    }

    @Deactivate
    void close() throws IOException {
        listener.delete();
    }
}
