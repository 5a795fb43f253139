/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code mosquitto_passwd}: writes password files. */
public final class MosquittoPasswd {
    private static final long LIMIT_SECONDS = 30;

    private MosquittoPasswd() {}

    /** Gives a user a password, in a new file where there is none. */
    public static void set(Path file, String user, String password) {
        if (Files.exists(file)) {
            run(Programs.find("mosquitto_passwd"), "-b", file.toString(), user, password);
        } else {
            create(file, user, password);
        }
    }

    /** Writes a new file, also in the place of another one. */
    public static void create(Path file, String user, String password) {
        run(Programs.find("mosquitto_passwd"), "-c", "-b", file.toString(), user, password);
    }

    private static void run(String... command) {
        try (ChildProcess process = ChildProcess.start("mosquitto_passwd", List.of(command))) {
            if (process.await(LIMIT_SECONDS) != 0) {
                throw new AssertionError(process.explain());
            }
        }
    }
}
