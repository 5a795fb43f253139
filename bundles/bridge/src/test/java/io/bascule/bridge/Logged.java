/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What any thread logs until it is closed: slf4j-simple writes to whatever standard error is. */
public final class Logged implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    /** Begins. */
    public Logged() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    /** The lines so far that have this in them. */
    public List<String> lines(String part) {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(part))
                .toList();
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
