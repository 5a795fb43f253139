/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes what this JVM prints, which is the log: keeps errors and exceptions, and nothing else. A hostile remote brings a warning each time,
 * which is right, and too much to read.
 */
final class LogCapture implements AutoCloseable {
    private static final Pattern TROUBLE = Pattern.compile(
            "(^|[\\[\\s])ERROR\\s|^\\s+at \\S+\\(.*\\)|^Caused by: |^(\\w+\\.)+\\w+(Exception|Error)\\b");
    private static final int MOST = 50;

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final List<String> trouble = new ArrayList<>();

    LogCapture() {
        System.setOut(new PrintStream(new Lines(), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new Lines(), true, StandardCharsets.UTF_8));
    }

    /** Errors and exceptions, the first of them. */
    synchronized List<String> trouble() {
        return List.copyOf(trouble);
    }

    /** Prints a line that is not taken. */
    void print(String line) {
        out.println(line);
    }

    private synchronized void line(String line) {
        if (TROUBLE.matcher(line).find() && trouble.size() < MOST) {
            trouble.add(line);
        }
    }

    @Override
    public void close() {
        System.setOut(out);
        System.setErr(err);
    }

    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            if (b == '\n') {
                line(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(b);
            }
        }
    }
}
