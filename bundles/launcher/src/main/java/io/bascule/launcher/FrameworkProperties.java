/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.osgi.framework.Constants;

/** What the framework is started with: {@code framework.properties} and the paths of this run. */
final class FrameworkProperties {
    private FrameworkProperties() {}

    static Map<String, String> of(Settings settings) throws StartException {
        Map<String, String> properties = new HashMap<>();
        load().forEach((key, value) -> properties.put((String) key, (String) value));
        properties.put(
                Constants.FRAMEWORK_STORAGE,
                settings.data().resolve("framework").toString());
        properties.put("felix.fileinstall.dir", settings.etc().toString());
        properties.put(
                "felix.fileinstall.tmpdir", settings.data().resolve("tmp").toString());
        properties.put(
                "org.apache.felix.configadmin.plugin.interpolation.secretsdir",
                settings.etc().resolve("secrets").toString());
        if (settings.sharesApi()) {
            properties.merge(
                    Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SharedApi.packages(), (own, api) -> own + "," + api);
        }
        properties.put("bascule.data", settings.data().toString());
        properties.put("gosh.home", Console.home(settings.data()).toString());
        return properties;
    }

    private static Properties load() {
        Properties properties = new Properties();
        try (InputStream in = FrameworkProperties.class.getResourceAsStream("framework.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("framework.properties is missing from the launcher's jar", e);
        }
        return properties;
    }
}
