/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.file;

import io.bascule.config.ConfigReader;
import io.bascule.security.provider.ProviderServices;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;

/**
 * The configuration of a provider that lives on a file, read.
 *
 * @param pid of its configuration
 * @param file absolute
 * @param ranking of its service: the highest is asked first
 * @param errors one sentence each; where there is one, the provider does not serve
 */
public record ProviderConfig(String pid, Path file, int ranking, List<String> errors) {

    /**
     * Reads the properties of a component, with every error that is in them.
     *
     * @param base where a file is that is not given as an absolute path
     */
    public static ProviderConfig read(Map<String, ?> properties, Path base) {
        return read(ConfigReader.of(properties), properties, base);
    }

    /** Reads what is the same for all kinds, after the keys of one kind have been read. */
    public static ProviderConfig read(ConfigReader reader, Map<String, ?> properties, Path base) {
        return read(reader, properties, "file", base);
    }

    /** The same where the file has another key. */
    public static ProviderConfig read(ConfigReader reader, Map<String, ?> properties, String key, Path base) {
        reader.required(key, "the path of a file");
        Path file = reader.value(
                key, base, "the path of a file", base::resolve); // of a path that is none it says what is wrong
        int ranking = reader.integer("ranking", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
        return new ProviderConfig(
                String.valueOf(properties.get("service.pid")),
                file.toAbsolutePath().normalize(),
                ranking,
                reader.errors());
    }

    /** From its configuration's file name. */
    public String name() {
        return ProviderServices.nameOf(pid);
    }

    /** Karaf's {@code etc}, or that of whatever reads the cfg files; elsewhere the working directory. */
    public static Path base(BundleContext context) {
        String karaf = context.getProperty("karaf.etc");
        String watched = context.getProperty("felix.fileinstall.dir");
        String base = karaf != null ? karaf : watched;
        return Path.of(base == null ? "" : base.split(",")[0].trim());
    }
}
