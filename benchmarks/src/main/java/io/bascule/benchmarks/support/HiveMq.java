/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.support;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * HiveMQ CE as a process: embedded it takes clients that nobody authenticates, which its own program does not without an extension. By
 * reflection, since its class path is not ours.
 */
final class HiveMq {
    private static final String PACKAGE = "com.hivemq.embedded.";

    private HiveMq() {}

    /** Takes a folder with {@code conf/config.xml} in it, and runs until SIGTERM. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Class<?> builderType = Class.forName(PACKAGE + "EmbeddedHiveMQBuilder");
        Object builder =
                Class.forName(PACKAGE + "EmbeddedHiveMQ").getMethod("builder").invoke(null);
        give(builder, builderType, "withConfigurationFolder", folder.resolve("conf"));
        give(builder, builderType, "withDataFolder", folder.resolve("data"));
        give(builder, builderType, "withExtensionsFolder", folder.resolve("extensions"));
        Object broker = builderType.getMethod("build").invoke(builder);
        tell(broker, "start");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> tell(broker, "stop")));
    }

    private static void give(Object builder, Class<?> type, String method, Path folder) throws Exception {
        type.getMethod(method, Path.class).invoke(builder, Files.createDirectories(folder));
    }

    private static void tell(Object broker, String method) {
        try {
            Object told =
                    Class.forName(PACKAGE + "EmbeddedHiveMQ").getMethod(method).invoke(broker);
            ((CompletableFuture<?>) told).join();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
