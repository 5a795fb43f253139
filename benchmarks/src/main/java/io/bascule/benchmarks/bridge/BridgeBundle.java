/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.bridge;

import io.bascule.benchmarks.support.BrokerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bridge's bundle in a running launcher, to be updated from its console. */
final class BridgeBundle {
    private static final String IN_THE_LAUNCHER = "bundles/broker/io\\.bascule\\.bridge-.*\\.jar";
    private static final Pattern IN_THE_LIST = Pattern.compile("(\\d+)\\|Active[^\\n]*io\\.bascule\\.bridge ");

    private final BrokerProcess broker;
    private final Path jar;
    private final String id;

    /** Takes the jar out of the launcher's, as what the bundle is updated from. */
    BridgeBundle(BrokerProcess broker, Path launcher) throws IOException {
        this.broker = broker;
        this.jar = broker.folder().resolve("io.bascule.bridge.jar");
        try (JarFile all = new JarFile(launcher.toFile())) {
            JarEntry entry = all.stream()
                    .filter(one -> one.getName().matches(IN_THE_LAUNCHER))
                    .findFirst()
                    .orElseThrow(() -> new IOException("there is no bridge in " + launcher));
            try (InputStream in = all.getInputStream(entry)) {
                Files.copy(in, jar);
            }
        }
        String list = broker.ask("lb -s io.bascule.bridge");
        Matcher matcher = IN_THE_LIST.matcher(list);
        if (!matcher.find()) {
            throw new IOException("the bridge's bundle is not there: " + list);
        }
        this.id = matcher.group(1);
    }

    /** {@code Bundle.update}: the bundle stops, and starts with new classes. */
    void update() throws IOException {
        String answer = broker.ask("update " + id + " " + jar.toUri());
        if (answer.contains("rror") || answer.contains("xception")) {
            throw new IOException("the bridge's bundle is not updated: " + answer);
        }
    }
}
