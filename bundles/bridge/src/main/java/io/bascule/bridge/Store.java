/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Where the configurations of bridges are: in files that File Install watches, or in Configuration Admin alone. */
final class Store {
    static final String PREFIX = BridgeComponent.PID + "-";
    static final String SUFFIX = ".cfg";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final String FILE_INSTALL = "org.apache.felix.fileinstall";
    private static final String FROM_FILE = "felix.fileinstall.filename";

    private final BundleContext context;
    private final ConfigurationAdmin admin;

    /**
     * A configuration that there is.
     *
     * @param file that it comes from; empty where somebody else made it
     * @param configuration empty where File Install has not seen the file yet
     */
    record Stored(Optional<Path> file, Optional<Configuration> configuration) {}

    Store(BundleContext context, ConfigurationAdmin admin) {
        this.context = context;
        this.admin = admin;
    }

    Optional<Stored> find(String name) throws IOException {
        for (Configuration configuration : configurations()) {
            if (BridgeComponent.name(configuration.getPid()).equals(name)) {
                return Optional.of(new Stored(fileOf(configuration), Optional.of(configuration)));
            }
        }
        return isName(name)
                ? watchedFile(name).filter(Files::exists).map(file -> new Stored(Optional.of(file), Optional.empty()))
                : Optional.empty();
    }

    /** Whether a bridge may be given this name: it is part of a file's, and of a PID. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private Configuration[] configurations() throws IOException {
        try {
            Configuration[] found = admin.listConfigurations(
                    "(" + ConfigurationAdmin.SERVICE_FACTORYPID + "=" + BridgeComponent.PID + ")");
            return found == null ? new Configuration[0] : found;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Path> fileOf(Configuration configuration) {
        Dictionary<String, Object> properties = configuration.getProperties();
        return Optional.ofNullable(properties == null ? null : properties.get(FROM_FILE))
                .map(uri -> Path.of(URI.create(uri.toString())));
    }

    /** The file of this name that File Install would read; empty where it is not at work. */
    Optional<Path> watchedFile(String name) {
        String folders = context.getProperty("felix.fileinstall.dir");
        boolean watches = Stream.of(context.getBundles())
                .anyMatch(
                        bundle -> FILE_INSTALL.equals(bundle.getSymbolicName()) && bundle.getState() == Bundle.ACTIVE);
        return watches && folders != null && !folders.isBlank()
                ? Optional.of(
                        Path.of(folders.split(",")[0].trim()).toAbsolutePath().resolve(PREFIX + name + SUFFIX))
                : Optional.empty();
    }

    /** The configuration of this name, whether there is one or not. */
    Configuration configuration(String name) throws IOException {
        return admin.getFactoryConfiguration(BridgeComponent.PID, name, "?");
    }

    /** What File Install takes files to be written in. */
    Charset charset() {
        String encoding = context.getProperty("felix.fileinstall.configEncoding");
        return encoding == null ? StandardCharsets.ISO_8859_1 : Charset.forName(encoding);
    }

    /** The name that a file gives its bridge; where it is no file of a bridge, its own. */
    static String name(Path file) {
        String name = String.valueOf(file.getFileName());
        String bare = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        return bare.startsWith(PREFIX) ? bare.substring(PREFIX.length()) : bare;
    }
}
