/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.audit;

import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log: one JSON object a line, at level INFO of the logger {@value #LOGGER}. It has no payload, no password and no value of a
 * configuration, and whoever adds to it keeps to that.
 *
 * <p>Of each event 500 are written at once and one a second from there on, so that nobody fills a disk; the others are counted, and their number
 * is written. Called on event loops: an event that is not written costs a few hundred nanoseconds.
 *
 * <p>Static as loggers are, and not a service: what happens while a bundle is updated is to be told as well. It holds texts and numbers, nothing
 * of those who call. Safe for use by several threads.
 */
public final class Audit {
    /** The name of the logger. */
    public static final String LOGGER = "io.bascule.audit";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final AuditLog LINES = new AuditLog(line -> LOG.info("{}", line), System::nanoTime, Instant::now);

    private Audit() {}

    /** Writes an event; {@code about} says what of, at once and only if it is written. */
    public static void record(AuditEvent event, Consumer<AuditEntry> about) {
        if (LOG.isInfoEnabled()) {
            LINES.record(event, about);
        }
    }

    /** The same for what a client does again and again: one line for a client and a topic in a minute, the others are counted. */
    public static void recordOnce(AuditEvent event, String client, String topic, Consumer<AuditEntry> about) {
        if (LOG.isInfoEnabled()) {
            LINES.recordOnce(event, client, topic, about);
        }
    }

    /** Tells of events that were not written, where that is due; to be called about once a second. */
    public static void tellSuppressed() {
        LINES.tellSuppressed();
    }

    /** Tells of all that were not written, since nobody will call in a second. */
    public static void flush() {
        LINES.flush();
    }
}
