/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * MQTT.js in Node. What it is, to the last of its libraries, stands in {@code src/test/node/package-lock.json}; npm fetches that into
 * {@code target/node} and leaves it there for the next run.
 */
public final class MqttJs {
    static final Path SCRIPTS = Path.of(System.getProperty("root"), "itests/framework/src/test/node");
    private static final Path FETCHED = Path.of(System.getProperty("node"));
    private static final long FETCH_SECONDS = 120;

    private MqttJs() {}

    /**
     * Has two clients exchange messages ({@code round-trip.js}); it prints how many and ends with 0 when all have come.
     *
     * @param protocolVersion 4 for 3.1.1, 5 for 5.0
     */
    public static ChildProcess roundTrip(String url, int protocolVersion) throws IOException {
        String node = Programs.find("node");
        List<String> command = List.of(
                node,
                SCRIPTS.resolve("node.js").toString(),
                library().toString(),
                url,
                String.valueOf(protocolVersion));
        return ChildProcess.start("MQTT.js", command);
    }

    /** The folder that it is in. */
    static Path library() throws IOException {
        fetch();
        return FETCHED.resolve("node_modules/mqtt");
    }

    private static void fetch() throws IOException {
        String npm = Programs.find("npm");
        Path lock = FETCHED.resolve("package-lock.json");
        Path done = FETCHED.resolve("node_modules/.package-lock.json");
        Path wanted = SCRIPTS.resolve("package-lock.json");
        if (Files.exists(done) && Files.exists(lock) && Files.mismatch(lock, wanted) < 0) {
            return;
        }
        Files.createDirectories(FETCHED);
        Files.write(lock, Files.readAllBytes(wanted));
        Files.write(FETCHED.resolve("package.json"), Files.readAllBytes(SCRIPTS.resolve("package.json")));
        List<String> command = List.of(
                npm,
                "ci",
                "--prefix",
                FETCHED.toString(),
                "--prefer-offline",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund");
        try (ChildProcess fetching = ChildProcess.start("npm", command)) {
            if (fetching.await(FETCH_SECONDS) != 0) {
                Files.deleteIfExists(done);
                throw new IllegalStateException(fetching.explain());
            }
        }
    }
}
