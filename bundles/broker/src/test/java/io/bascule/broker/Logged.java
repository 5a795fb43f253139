/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What any thread logs until it is closed: slf4j-simple writes to whatever standard error is. */
final class Logged implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    private Logged() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    static Logged fromNowOn() {
        return new Logged();
    }

    /** What there is so far. */
    String text() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
