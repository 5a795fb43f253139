/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.audit;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Writes the lines of an audit log, not more of each event than a {@link Gate} lets through. How many it has not let through is a line of its
 * own, {@code {"event":"suppressed","of":"login.refused","count":899}}. Safe for use by several threads.
 */
final class AuditLog {
    private final Consumer<String> lines;
    private final LongSupplier nanoTime;
    private final Supplier<Instant> clock;
    private final Map<AuditEvent, Gate> gates = new EnumMap<>(AuditEvent.class);
    private final Repetitions repetitions = new Repetitions();

    /** @param nanoTime by which it is limited, of a clock that never goes back */
    AuditLog(Consumer<String> lines, LongSupplier nanoTime, Supplier<Instant> clock) {
        this.lines = lines;
        this.nanoTime = nanoTime;
        this.clock = clock;
        for (AuditEvent event : AuditEvent.values()) {
            gates.put(event, new Gate(nanoTime.getAsLong()));
        }
    }

    /** {@link Audit#record}. */
    void record(AuditEvent event, Consumer<AuditEntry> about) {
        if (gates.get(event).passes(nanoTime.getAsLong())) {
            write(event, about);
        }
    }

    /** {@link Audit#recordOnce}. */
    void recordOnce(AuditEvent event, String client, String topic, Consumer<AuditEntry> about) {
        long now = nanoTime.getAsLong();
        Gate gate = gates.get(event);
        long key = repetitions.key(event, client, topic);
        if (repetitions.isRepeated(key, now)) {
            gate.suppress();
        } else if (gate.passes(now)) {
            repetitions.written(key, now);
            write(event, about);
        }
    }

    private void write(AuditEvent event, Consumer<AuditEntry> about) {
        AuditEntry entry = new AuditEntry(clock.get(), event.label());
        about.accept(entry);
        lines.accept(entry.line());
    }

    /** {@link Audit#tellSuppressed}. */
    void tellSuppressed() {
        long now = nanoTime.getAsLong();
        gates.forEach((event, gate) -> tell(event, gate.due(now)));
    }

    /** {@link Audit#flush}. */
    void flush() {
        long now = nanoTime.getAsLong();
        gates.forEach((event, gate) -> tell(event, gate.all(now)));
    }

    private void tell(AuditEvent event, long suppressed) {
        if (suppressed > 0) {
            lines.accept(new AuditEntry(clock.get(), "suppressed")
                    .of(event)
                    .count(suppressed)
                    .line());
        }
    }
}
