/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The launcher's jar as a command, on the sockets that these tests run on. */
final class Program {
    private Program() {}

    /** This JVM's own program, with these options, and the jar. */
    static List<String> command(String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dbascule.transport=" + System.getProperty("bascule.transport", ""));
        command.addAll(List.of(options));
        command.addAll(List.of("-jar", System.getProperty("launcher.jar")));
        return command;
    }
}
