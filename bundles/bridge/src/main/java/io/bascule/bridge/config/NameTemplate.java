/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills what a client id and a user name leave open, so that one file serves many machines. */
final class NameTemplate {
    /** What may stand in one. */
    static final String ALLOWED = "{bridge} for the name of the bridge and {host} for that of this machine";

    private static final Pattern OPEN = Pattern.compile("\\{([^{}]*)}");
    private static final Path HOST_ON_LINUX = Path.of("/proc/sys/kernel/hostname");

    private NameTemplate() {}

    /** The text with everything filled in. */
    static String fill(String text, String bridge) {
        return OPEN.matcher(text)
                .replaceAll(open -> Matcher.quoteReplacement(
                        switch (open.group(1)) {
                            case "bridge" -> bridge;
                            case "host" -> host();
                            default -> throw new IllegalArgumentException(open.group() + " stands for nothing");
                        }));
    }

    /** Without asking the network where that can be: it may not be there yet when a machine starts, nor know this one. */
    private static String host() {
        try {
            return Files.readString(HOST_ON_LINUX).strip();
        } catch (IOException notLinux) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("{host} is not known: " + e.getMessage(), e);
            }
        }
    }
}
