/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.peers;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.AssumptionViolatedException;

/** The programs that a machine may lack. */
final class Programs {
    /** Debian puts brokers where the PATH of an ordinary user does not lead. */
    private static final String WHERE_SERVERS_ARE = "/usr/sbin" + File.pathSeparator + "/usr/local/sbin";

    private Programs() {}

    /** Where the program is. A test that needs one is skipped where it is missing, but for CI, which has to have it. */
    static String find(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + WHERE_SERVERS_ARE;
        return Stream.of(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() -> isMissing(name));
    }

    private static RuntimeException isMissing(String name) {
        String what = name + " is not installed; .ci/run installs what the tests need";
        System.err.println(what); // Pax Exam reports a skipped test as one that has passed
        return System.getenv("CI") == null ? new AssumptionViolatedException(what) : new IllegalStateException(what);
    }
}
