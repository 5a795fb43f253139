/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code mosquitto_pub}: one message, and done when it is acknowledged. */
public final class MosquittoPub {
    /** Who fails to log in is told so up to 8 s late. */
    private static final long LIMIT_SECONDS = 30;

    private MosquittoPub() {}

    /**
     * Publishes a message.
     *
     * @param version {@code mqttv311} or {@code mqttv5}
     * @param options further options of the command, such as {@code -r} for a retained message
     */
    public static void publish(int port, String version, int qos, String topic, String payload, String... options) {
        List<String> command =
                new ArrayList<>(List.of(Programs.find("mosquitto_pub"), "-h", "127.0.0.1", "-p", String.valueOf(port)));
        command.addAll(List.of("-V", version, "-q", String.valueOf(qos), "-t", topic));
        command.addAll(payload.isEmpty() ? List.of("-n") : List.of("-m", payload));
        command.addAll(Arrays.asList(options));
        try (ChildProcess process = ChildProcess.start("mosquitto_pub", command)) {
            if (process.await(LIMIT_SECONDS) != 0) {
                throw new AssertionError(process.explain());
            }
        }
    }
}
